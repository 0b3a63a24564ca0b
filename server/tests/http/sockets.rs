//! What only a real connection shows: events as they come, slow and greedy clients, and stopping.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{QUESTION, harness};

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time limit");
    stream
        .set_write_timeout(Some(Duration::from_secs(20)))
        .expect("a time limit");
    stream
}

fn post(path: &str, accept: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\naccept: {accept}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn everything(mut stream: TcpStream) -> String {
    let mut reply = Vec::new();
    // A reset after the reply is an end like any other.
    let _ = stream.read_to_end(&mut reply);
    String::from_utf8_lossy(&reply).into_owned()
}

fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).expect("sent");
    everything(stream)
}

/// Name and data of each event.
fn events(reply: &str) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    let mut name = String::new();
    for line in reply.lines() {
        if let Some(event) = line.strip_prefix("event: ") {
            name = event.to_owned();
        } else if let Some(data) = line.strip_prefix("data: ") {
            events.push((name.clone(), serde_json::from_str(data).expect("JSON")));
        }
    }
    events
}

#[test]
fn events_come_in_order_and_agree_with_the_reply() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|_| {});
    let body = json!({"question": QUESTION, "mode": "quotes"}).to_string();
    let reply = exchange(address, &post("/v1/ask", "text/event-stream", &body));
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(reply.contains("content-type: text/event-stream"));
    let events = events(&reply);
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        (names.first(), names.last()),
        (Some(&"sources"), Some(&"done")),
        "{names:?}"
    );
    assert!(names[1..names.len() - 1].iter().all(|name| *name == "sentence") && names.len() > 2);
    let done = &events[events.len() - 1].1;
    assert_eq!(done["sources"], events[0].1);
    let told: Vec<&Value> = events[1..events.len() - 1]
        .iter()
        .map(|(_, sentence)| sentence)
        .collect();
    assert_eq!(
        done["sentences"].as_array().map(|all| all.iter().collect::<Vec<_>>()),
        Some(told)
    );
}

#[test]
fn a_refusal_is_an_ordinary_reply_also_for_those_who_want_events() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|_| {});
    let reply = exchange(
        address,
        &post(
            "/v1/ask",
            "text/event-stream",
            r#"{"question": "Har 19121212-1212 rätt?"}"#,
        ),
    );
    assert!(reply.starts_with("HTTP/1.1 422"), "{reply}");
    assert!(reply.contains("application/problem+json"));
}

#[test]
fn a_body_that_is_announced_too_long_is_not_waited_for() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|_| {});
    let mut stream = connect(address);
    let head =
        "POST /v1/ask HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: 1000000000\r\n\r\n{";
    stream.write_all(head.as_bytes()).expect("sent");
    let started = Instant::now();
    let mut reply = [0; 12];
    stream.read_exact(&mut reply).expect("a reply");
    assert_eq!(&reply, b"HTTP/1.1 413");
    assert!(
        started.elapsed() < Duration::from_millis(500),
        "took {:?}",
        started.elapsed()
    );
}

#[test]
fn a_body_without_an_end_is_cut_at_the_limit() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|_| {});
    let mut stream = connect(address);
    let head =
        "POST /v1/ask HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    let chunk = [b"1000\r\n".to_vec(), vec![b'a'; 4096], b"\r\n".to_vec()].concat();
    let mut sent = 0;
    while sent < 64 << 20 && stream.write_all(&chunk).is_ok() {
        sent += 4096;
    }
    assert!(sent < 64 << 20, "64 MB were taken");
}

#[test]
fn slow_headers_and_slow_bodies_are_given_up() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|settings| {
        settings.limits.header_seconds = 1;
        settings.limits.body_seconds = 1;
    });
    let mut slow_headers = connect(address);
    slow_headers
        .write_all(b"POST /v1/ask HTTP/1.1\r\nhost: te")
        .expect("sent");
    let mut slow_body = connect(address);
    let head = "POST /v1/ask HTTP/1.1\r\nhost: t\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    slow_body.write_all(head.as_bytes()).expect("sent");
    let started = Instant::now();
    let headers_reply = everything(slow_headers);
    assert!(
        headers_reply.is_empty() || headers_reply.starts_with("HTTP/1.1 408"),
        "{headers_reply}"
    );
    assert!(everything(slow_body).starts_with("HTTP/1.1 408"));
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "took {:?}",
        started.elapsed()
    );
}

#[test]
fn a_client_that_never_reads_is_cut_off() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|settings| settings.limits.stalled_client_seconds = 1);
    let mut stream = connect(address);
    let requests = "GET /v1/documents/sfs-2025-400 HTTP/1.1\r\nhost: test\r\n\r\n".repeat(1_000);
    let started = Instant::now();
    // Its own sending stalls once both sides' buffers are full, and fails once the server has hung up.
    while started.elapsed() < Duration::from_secs(60) {
        if stream.write_all(requests.as_bytes()).is_err() {
            break;
        }
    }
    assert!(
        started.elapsed() < Duration::from_secs(15),
        "still connected after {:?}",
        started.elapsed()
    );
}

#[test]
fn a_full_server_says_when_to_come_back() {
    let Some(server) = harness() else { return };
    let (address, _stop, _) = server.serve(|settings| {
        settings.limits.answers = 0;
        settings.limits.requests = 0;
    });
    let body = json!({"question": QUESTION}).to_string();
    for request in [
        post("/v1/ask", "application/json", &body),
        post("/v1/ask", "text/event-stream", &body),
        "GET /v1/documents HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let started = Instant::now();
        let reply = exchange(address, &request);
        assert!(
            reply.starts_with("HTTP/1.1 503") && reply.contains("retry-after: 5"),
            "{reply}"
        );
        assert!(reply.contains("/problems/busy"));
        assert!(
            started.elapsed() < Duration::from_millis(500),
            "took {:?}",
            started.elapsed()
        );
    }
    let alive = exchange(address, "GET /healthz HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n");
    assert!(
        alive.starts_with("HTTP/1.1 200"),
        "a busy server is not a dead one: {alive}"
    );
}

#[test]
fn stopping_ends_what_is_idle_and_lets_nothing_new_in() {
    let Some(server) = harness() else { return };
    let (address, stop, serving) = server.serve(|settings| settings.server.shutdown_seconds = 10);
    let mut idle = connect(address);
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: t\r\n\r\n")
        .expect("sent");
    let mut first = [0; 12];
    idle.read_exact(&mut first).expect("a reply");
    let started = Instant::now();
    stop.send(()).expect("a server that runs");
    server.wait(serving).expect("an orderly end");
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "took {:?}",
        started.elapsed()
    );
    everything(idle);
    let late = TcpStream::connect(address).map(|stream| stream.shutdown(Shutdown::Both));
    assert!(late.is_err(), "a stopped server accepts nothing");
}
