//! A web server on this machine that answers what a test tells it to, and remembers what it was asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lotsen_ingest::fetch::reply::Limits;
use lotsen_ingest::fetch::{Gathered, gather};
use lotsen_ingest::sources::{self, Source};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
    pub at: Instant,
}

/// What is answered: status, header lines, body.
#[derive(Debug, Clone)]
pub struct Answer(pub u16, pub Vec<String>, pub Vec<u8>);

impl Answer {
    pub fn page(title: &str, text: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title} - Storåker</title></head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
        );
        Self(
            200,
            vec!["Content-Type: text/html; charset=utf-8".to_owned()],
            page.into_bytes(),
        )
    }

    pub fn text(text: &str) -> Self {
        Self(200, Vec::new(), text.as_bytes().to_vec())
    }

    pub fn status(status: u16) -> Self {
        Self(status, Vec::new(), b"<html><title>Hoppsan</title>".to_vec())
    }

    pub fn redirect(to: &str) -> Self {
        Self(302, vec![format!("Location: {to}")], Vec::new())
    }

    pub fn with(mut self, header: &str) -> Self {
        self.1.push(header.to_owned());
        self
    }
}

type Handler = dyn Fn(&Asked) -> Option<Answer> + Send + Sync;

/// The server. What its table of answers has goes before what its function says; what neither knows is 404.
pub struct Server {
    pub base: String,
    answers: Arc<Mutex<HashMap<String, Vec<Answer>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn new() -> Self {
        Self::answering("127.0.0.1", |_| None)
    }

    pub fn answering(ip: &str, handler: impl Fn(&Asked) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((ip.parse::<IpAddr>().unwrap(), 0)).unwrap();
        let server = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (Arc::clone(&server.answers), Arc::clone(&server.asked));
        let handler: Arc<Handler> = Arc::new(handler);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, asked, handler) = (Arc::clone(&answers), Arc::clone(&asked), Arc::clone(&handler));
                std::thread::spawn(move || serve(stream, &answers, &asked, &*handler));
            }
        });
        server
    }

    /// From now on, this is at a path.
    pub fn set(&self, path: &str, answer: Answer) {
        self.then(path, [answer]);
    }

    /// From now on, these are at a path, one after the other; the last stays.
    pub fn then(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        answers.reverse();
        self.answers.lock().unwrap().insert(path.to_owned(), answers);
    }

    /// What was asked for at a path.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.all().into_iter().filter(|asked| asked.path == path).collect()
    }

    pub fn all(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn serve(
    stream: TcpStream,
    answers: &Mutex<HashMap<String, Vec<Answer>>>,
    asked: &Mutex<Vec<Asked>>,
    handler: &Handler,
) {
    let Some(request) = read(&stream) else { return };
    asked.lock().unwrap().push(request.clone());
    let mut table = answers.lock().unwrap();
    let from_table = table.get_mut(&request.path).map(|left| match left.len() {
        1 => left[0].clone(),
        _ => left.pop().unwrap(),
    });
    drop(table);
    let answer = from_table.or_else(|| handler(&request)).unwrap_or(Answer::status(404));
    let _gone = write(stream, &answer);
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let mut words = first.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        path,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        at: Instant::now(),
    })
}

fn write(mut stream: TcpStream, Answer(status, headers, body): &Answer) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
    for header in headers {
        head += &format!("{header}\r\n");
    }
    let endless = headers.iter().find_map(|header| header.strip_prefix("X-Endless: "));
    if endless.is_none() {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(body)?;
    match endless {
        Some("slowly") => loop {
            stream.write_all(b"a")?;
            std::thread::sleep(Duration::from_millis(20));
        },
        Some(_) => loop {
            stream.write_all(&[b'a'; 64 << 10])?;
        },
        None => Ok(()),
    }
}

/// A list of sources and a data folder, for as many runs as a test makes.
pub struct Town {
    folder: tempfile::TempDir,
}

impl Town {
    /// A town whose list has these entries.
    pub fn new(entries: &str) -> Self {
        let town = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        town.list("", entries);
        town
    }

    /// Writes the list, with these lines in its `[web]` table.
    pub fn list(&self, settings: &str, entries: &str) {
        let list = format!(
            "[defaults]\nkind = 'riktlinje'\nissuer = 'Storåkers kommun'\ninvented = true\n\
             [web]\ncontact = 'it@storaker.se'\nloopback = true\npause = '5ms'\n{settings}\n{entries}"
        );
        std::fs::write(self.path("sources.toml"), list).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// One run's look at the web.
    pub fn gather(&self) -> Gathered {
        self.gather_within(Limits::default())
    }

    pub fn gather_within(&self, limits: Limits) -> Gathered {
        let list = sources::load(&self.path("sources.toml"), None).unwrap();
        let data = self.path("data");
        let run = gather(&list, &data, limits, &|_| {});
        tokio::runtime::Runtime::new().unwrap().block_on(run).unwrap()
    }
}

/// The bytes that a run has of a document.
pub fn text_of(source: &Source) -> String {
    let original = lotsen_ingest::fetch::original(&source.place, 10 << 20).unwrap();
    String::from_utf8_lossy(&original.bytes).into_owned()
}

/// How many files are in a folder, without those that a killed run had not finished.
pub fn files_in(folder: &Path) -> usize {
    let names = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name());
    names.filter(|name| !name.to_string_lossy().starts_with(".tmp")).count()
}
