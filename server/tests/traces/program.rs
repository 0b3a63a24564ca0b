//! The real program over a small release, in folders of its own, with everything that it writes caught.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::corpus;

/// A running server.
pub struct Program {
    child: Child,
    address: SocketAddr,
    /// Data, log, home and temporary folder: all that it may write to.
    folder: tempfile::TempDir,
}

impl Program {
    /// Starts it; nothing, with a word about it, where there is no embedding model.
    pub fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let embedder = corpus::embedder()?;
        runtime.block_on(corpus::write_release(
            &data,
            "first",
            &embedder,
            lotsen_corpus::analysis::VERSION,
        ));
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("models");
        let log = File::create(folder.path().join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_lotsen-server"))
            .args(["serve", "--port", "0", "--data"])
            .arg(&data)
            .arg("--models")
            .arg(models)
            .current_dir(folder.path())
            .envs(["HOME", "TMPDIR", "XDG_CACHE_HOME"].map(|name| (name, folder.path())))
            .envs([("LOTSEN__LOG__LEVEL", "trace"), ("LOTSEN__LIMITS__BODY_SECONDS", "1")])
            .env("LOTSEN__SERVER__PUBLIC_URL", "http://lotsen")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut program = Self {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            folder,
        };
        program.address = program.wait_for_address();
        Some(program)
    }

    fn wait_for_address(&mut self) -> SocketAddr {
        let deadline = Instant::now() + Duration::from_secs(120);
        while Instant::now() < deadline {
            let log = BufReader::new(File::open(self.folder.path().join("log")).unwrap());
            let said = log
                .lines()
                .map_while(Result::ok)
                .find_map(|line| Some(line.split_once("Lotsen serves http://")?.1.to_owned()));
            if let Some(address) = said {
                return address.trim().parse().unwrap();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it stopped: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not start: {}", self.log());
    }

    pub fn get(&self, path: &str) -> String {
        self.exchange(&format!(
            "GET {path} HTTP/1.1\r\nHost: lotsen\r\nConnection: close\r\n\r\n"
        ))
    }

    pub fn post(&self, path: &str, body: &str) -> String {
        self.exchange(&request(path, "application/json", body))
    }

    pub fn post_for_events(&self, path: &str, body: &str) -> String {
        self.exchange(&request(path, "text/event-stream", body))
    }

    /// Sends a request and goes away without waiting for the reply.
    pub fn post_and_leave(&self, path: &str, body: &str) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .write_all(request(path, "text/event-stream", body).as_bytes())
            .unwrap();
        std::thread::sleep(Duration::from_millis(20));
        stream.shutdown(Shutdown::Both).unwrap();
    }

    /// Sends a request without its last byte and waits for what the server says to that.
    pub fn post_half(&self, path: &str, body: &str) -> String {
        let whole = request(path, "application/json", body);
        self.exchange(&whole[..whole.len() - 1])
    }

    fn exchange(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(180))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        String::from_utf8_lossy(&reply).into_owned()
    }

    /// Everything on standard output and standard error so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Every file in the folders that it may write to.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push((path.clone(), fs::read(&path).unwrap())),
                }
            }
        }
        files
    }

    /// Ends it as a crash does, and says how it ended.
    pub fn abort(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-ABRT", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// The server's process and those that it has started.
    pub fn processes(&self) -> Vec<u32> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        let mut all = vec![own];
        let tasks = fs::read_dir(format!("/proc/{own}/task")).unwrap().map_while(Result::ok);
        let lists = tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
        for list in lists.chain([children]) {
            all.extend(list.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn request(path: &str, accept: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: lotsen\r\nConnection: close\r\nAccept: {accept}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
