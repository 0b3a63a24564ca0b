/* In: N HOW COUNT PROGRAM ARGUMENTS... Out: the program, run so that what it asks of the kernel about its files fails at the
 * N-th change, counted over all its threads and children. HOW is the error, "ENOSPC" or "EIO", for that change and all
 * after it; with "-once" after it for that change alone; or "kill", and the program is killed before the change is made.
 * COUNT is a file that gets the number of changes. Changes are writes, flushes, lengths, new names, renames and removals of
 * files and folders; pipes and terminals are none. Exits with the program's own status, and with 125 where it cannot watch. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__) && defined(__x86_64__)

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>

static const int BY_FILE[] = {SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_fsync, SYS_fdatasync,
                              SYS_sync_file_range, SYS_ftruncate, SYS_fallocate};
static const int BY_NAME[] = {SYS_mkdir, SYS_mkdirat, SYS_rename, SYS_renameat, SYS_renameat2, SYS_link, SYS_linkat,
                              SYS_symlink, SYS_symlinkat, SYS_unlink, SYS_unlinkat, SYS_rmdir, SYS_truncate, SYS_creat,
                              SYS_msync, SYS_copy_file_range, SYS_sendfile};
static const int OPENING[] = {SYS_open, SYS_openat};

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

static int is_in(const int *list, size_t length, long call) {
    for (size_t i = 0; i < length; i++)
        if (list[i] == call) return 1;
    return 0;
}

static int is_kept(pid_t pid, int fd) {
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
    return stat(path, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static int is_change(pid_t pid, const struct user_regs_struct *asked) {
    long call = (long)asked->orig_rax;
    if (is_in(BY_FILE, COUNT_OF(BY_FILE), call)) return is_kept(pid, (int)asked->rdi);
    if (is_in(BY_NAME, COUNT_OF(BY_NAME), call)) return 1;
    int flags = (int)(call == SYS_open ? asked->rsi : asked->rdx);
    return is_in(OPENING, COUNT_OF(OPENING), call) && (flags & (O_CREAT | O_TRUNC));
}

/* Stops the process at the calls above and lets all others pass at full speed. */
static int watch(void) {
    struct sock_filter rules[4 + COUNT_OF(BY_FILE) + COUNT_OF(BY_NAME) + COUNT_OF(OPENING)];
    size_t at = 0;
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    size_t left = COUNT_OF(BY_FILE) + COUNT_OF(BY_NAME) + COUNT_OF(OPENING);
    const int *lists[] = {BY_FILE, BY_NAME, OPENING};
    size_t lengths[] = {COUNT_OF(BY_FILE), COUNT_OF(BY_NAME), COUNT_OF(OPENING)};
    for (int list = 0; list < 3; list++)
        for (size_t i = 0; i < lengths[list]; i++, left--)
            rules[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, lists[list][i], left, 0);
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    rules[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    struct sock_fprog program = {.len = at, .filter = rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int count, char **words) {
    if (count < 5) return 125;
    long fails_at = atol(words[1]), changes = 0;
    const char *how = words[2];
    int once = strstr(how, "-once") != NULL, kills = strcmp(how, "kill") == 0;
    long error = strncmp(how, "EIO", 3) == 0 ? EIO : ENOSPC;

    pid_t program = fork();
    if (program == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(125);
        raise(SIGSTOP);
        if (watch()) _exit(125);
        execv(words[4], words + 4);
        _exit(125);
    }
    int status, end = 125 << 8;
    if (program < 0 || waitpid(program, &status, 0) != program || !WIFSTOPPED(status)) return 125;
    long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                   PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, program, 0, options)) return 125;
    ptrace(PTRACE_CONT, program, 0, 0);
    for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            if (pid != program) continue;
            end = status;
            break;
        }
        int signal = WSTOPSIG(status);
        if (status >> 16 == PTRACE_EVENT_SECCOMP) {
            struct user_regs_struct asked;
            if (ptrace(PTRACE_GETREGS, pid, 0, &asked) == 0 && is_change(pid, &asked)) {
                changes++;
                if (fails_at && kills && changes == fails_at) kill(program, SIGKILL);
                if (fails_at && !kills && (once ? changes == fails_at : changes >= fails_at)) {
                    asked.orig_rax = (unsigned long long)-1;
                    asked.rax = (unsigned long long)-error;
                    ptrace(PTRACE_SETREGS, pid, 0, &asked);
                }
            }
        }
        /* A new thread begins with a stop, and events come as one: neither is the program's own signal. */
        ptrace(PTRACE_CONT, pid, 0, status >> 16 || signal == SIGSTOP || signal == SIGTRAP ? 0 : signal);
    }
    FILE *file = fopen(words[3], "w");
    if (!file || fprintf(file, "%ld", changes) < 0 || fclose(file)) return 125;
    return WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end);
}

#else

int main(void) { return 125; }

#endif
