/* In: a weight file as the first argument, one text a line on standard input, prefix included.
 * Out: two lines for each text, its token ids and its vector, from the package's own engine.
 * Compiled together with the package's e5.c, because its library does not give the ids away. */
#include "e5.c"

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    e5_model *m = e5_load(argv[1]);
    if (!m) return 1;
    static char text[1 << 16];
    static int content[1 << 16];
    int H = e5_dim(m);
    while (fgets(text, sizeof text, stdin)) {
        text[strcspn(text, "\n")] = 0;
        int n = tok_content(&m->tok, text, content, m->MAXP - 2), L = n + 2;
        int ids[512], pos[512], start[512], end[512], segments[2] = {0, L};
        float vector[1024], length = 0;
        ids[0] = m->tok.bos;
        memcpy(ids + 1, content, n * sizeof(int));
        ids[L - 1] = m->tok.eos;
        for (int t = 0; t < L; t++) { pos[t] = t; start[t] = 0; end[t] = L; printf("%d ", ids[t]); }
        forward_batch(m, ids, pos, start, end, segments, 1, L, vector, NULL);
        for (int i = 0; i < H; i++) length += vector[i] * vector[i];
        printf("\n");
        for (int i = 0; i < H; i++) printf("%.9g ", vector[i] / sqrtf(length));
        printf("\n");
    }
    return 0;
}
