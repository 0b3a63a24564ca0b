//! Lotsen's read side: a question in, checked quotes with their places out.
//!
//! ```text
//! question -> guard -> understand -> retrieve -> imprint -> rerank -> judge -> point -> support -> companion -> (summarise -> verify) -> cite -> reply
//! ```
//!
//! [`Service::ask`] is that journey in one function, with one type for what each step hands on: a `Question` exists only
//! if the guard let it through, a `Quote` is a range of a passage's text, a `Verified` sentence exists only if it passed
//! every check, and the reply is made of quotes and verified sentences alone. That the material says nothing is a reply too.
//!
//! [`Service::search`] ends after the judge; [`Service::case_law`] weighs what is found decision by decision.
//!
//! Modules in the order to read them:

pub mod question;
pub mod understand;

pub mod imprint;
pub mod library;
pub mod retrieve;
pub mod succession;

pub mod judge;
pub mod rerank;

pub mod point;
pub mod several;
pub mod support;

pub mod attribution;
pub mod companion;

pub mod case_law;

pub mod generator;
pub mod summarise;
pub mod verify;

pub mod cite;
pub mod notice;
pub mod reply;
pub mod texts;

pub mod open;
pub mod progress;

pub mod config;
pub mod doctor;
pub mod http;
pub mod log;
pub mod start;

#[cfg(test)]
mod testing;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use jiff::civil::Date;
use lotsen_corpus::ReleaseStore;
use lotsen_corpus::embed::Embedder;
use lotsen_corpus::index::{IndexSettings, Lane};
use lotsen_corpus::judge::Judge;
use lotsen_corpus::release::{Checked, EditionEntry};
use lotsen_guard::Guard;

use crate::companion::Companions;
use crate::generator::Generator;
use crate::library::Library;
pub use crate::open::{OpenError, ServiceSettings};
use crate::point::{Chooser, Pointed, Pointer, Quote, SentenceVectors};
pub use crate::progress::{Event, Progress};
use crate::question::{AskError, AskRequest, Mode, Question, SearchRequest};
use crate::reply::{
    AnswerStatus, AskReply, Diagnostics, SearchReply, Sentence, SentenceKind, Source, Support as Ground, Timings,
};
use crate::rerank::Ranked;
use crate::retrieve::{Candidates, Reach};
use crate::support::Support;
use crate::texts::Texts;
use crate::understand::Understood;

/// Everything that answering takes: the release that serves, the models and the sentences.
pub struct Service {
    guard: Guard,
    library: ArcSwap<Library>,
    store: ReleaseStore,
    checked: ArcSwap<Checked>,
    index: IndexSettings,
    embedder: Embedder,
    judge: Option<Judge>,
    generator: Arc<Generator>,
    chooser: Chooser,
    vectors: SentenceVectors,
    width: open::Width,
    time_zone: jiff::tz::TimeZone,
    texts: Texts,
}

impl Service {
    /// The journey from a question to a checked answer.
    ///
    /// # Errors
    /// See [`AskError`]; a refusal is a reply. Once the receiver of `progress` is gone, the work stops.
    pub async fn ask(&self, request: AskRequest, progress: Progress) -> Result<AskReply, AskError> {
        tokio::select! {
            reply = self.answer(&request, &progress) => reply,
            () = progress.closed() => Err(AskError::Cancelled),
        }
    }

    async fn answer(&self, request: &AskRequest, progress: &Progress) -> Result<AskReply, AskError> {
        let library = self.library();
        let today = self.today();
        let deadline = request
            .budget_ms
            .map(|budget| Instant::now() + Duration::from_millis(budget));
        let mut clock = Clock::start();

        let question: Question = tokio::task::block_in_place(|| question::admit(&self.guard, request))?;
        clock.timings.guard = clock.lap();

        let understood: Understood = understand::understand(&question, request.as_of, today, &library.words);
        let reach = self.reach(request);
        let found: Found = self
            .look_up(&library, &understood, &reach, deadline, &mut clock)
            .await?;
        let support = found.support;
        let mut quotes = found.quotes;
        let mut companions = Companions::default();
        if support.suffices() {
            let mut of_parts = Vec::new();
            for part in understand::parts(&question, &understood, &library.words) {
                if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                    break;
                }
                let found = self.look_up(&library, &part, &reach, deadline, &mut clock).await?;
                of_parts.extend(found.support.suffices().then_some(found.quotes));
            }
            quotes = several::together(quotes, of_parts, self.width.sentences);
            companions = companion::beside(&library, &self.embedder, &quotes, understood.as_of).await?;
            quotes = companions.among(quotes);
        }
        let notices = |status, shown: &[Source]| {
            notice::of(
                &self.texts,
                &understood,
                &found.candidates,
                status,
                shown,
                &companions,
                today,
            )
        };
        let sources = self.sources(&quotes, understood.as_of);
        let mut reply = self.empty_reply(&library, understood.as_of);
        reply.diagnostics = Diagnostics {
            support: (!support.named).then(|| support.margin()),
            ..understood.diagnostics()
        };
        if !support.suffices() || sources.is_empty() {
            reply.status = AnswerStatus::NoSupport;
            reply.notices = notices(reply.status, &sources);
            reply.nearest = sources;
            reply.timings_ms = clock.finish();
            return Ok(reply);
        }
        reply.notices = notices(reply.status, &sources);
        reply.sentences = quoted(&sources);
        progress::show(progress, Event::Sources(sources.clone())).await;
        for sentence in &reply.sentences {
            progress::show(progress, Event::Sentence(sentence.clone())).await;
        }

        if request.mode == Mode::Summary && self.generator.ready() {
            let summary = summarise::write(
                &self.generator,
                &self.embedder,
                &understood,
                &sources,
                deadline,
                progress,
            )
            .await?;
            clock.timings.summarise = milliseconds(summary.writing);
            clock.timings.verify = milliseconds(summary.checking);
            reply.dropped_sentences = summary.dropped;
            reply.model = self.generator.model_name().map(str::to_owned);
            if !summary.sentences.is_empty() {
                reply.notices.push(notice::ai_generated(&self.texts));
                reply
                    .sentences
                    .splice(..0, summary.sentences.iter().map(|verified| verified.sentence()));
            }
        }
        reply.sources = sources;
        reply.timings_ms = clock.finish();
        Ok(reply)
    }

    /// The passages that fit a query, without any answer.
    ///
    /// # Errors
    /// See [`AskError`].
    pub async fn search(&self, request: SearchRequest) -> Result<SearchReply, AskError> {
        let library = self.library();
        let clock = Clock::start();
        let question = tokio::task::block_in_place(|| question::admit_query(&self.guard, &request))?;
        let understood = understand::understand(&question, request.as_of, self.today(), &library.words);
        let reach = Reach {
            kinds: request.kinds.unwrap_or_default(),
            issuers: request.issuers.unwrap_or_default(),
            life_areas: request.life_areas.unwrap_or_default(),
            lane: if request.include_repealed {
                Lane::All
            } else {
                Lane::InForce
            },
            candidates: self.width.candidates.max(request.limit),
            ..Reach::default()
        };
        let candidates = retrieve::find(&library, &self.embedder, &understood, &reach).await?;
        let ranked = self.ranked(&library, &understood, &candidates, None).await?;
        let found = ranked.iter().take(request.limit);
        Ok(SearchReply {
            results: found
                .map(|ranked| cite::found(&ranked.place, ranked.score, understood.as_of, &self.texts.place))
                .collect(),
            release: library.release.manifest.release.clone(),
            diagnostics: understood.diagnostics(),
            took_ms: clock.finish().total,
        })
    }

    /// The release that serves now. A request keeps the one it began with, also when another takes its place.
    pub fn library(&self) -> Arc<Library> {
        self.library.load_full()
    }

    /// When the source of a document of the release that serves was last seen in this form.
    pub fn last_checked(&self, entry: &EditionEntry) -> jiff::Timestamp {
        self.checked.load().at(&self.library().release.manifest.release, entry)
    }

    /// What looks for personal data in everything that comes in.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// True while a summary can be asked for.
    pub fn can_summarise(&self) -> bool {
        self.generator.ready()
    }

    /// What the material has for a question: found, ordered, chosen from and weighed.
    async fn look_up(
        &self,
        library: &Library,
        question: &Understood,
        reach: &Reach,
        deadline: Option<Instant>,
        clock: &mut Clock,
    ) -> Result<Found, AskError> {
        let mut candidates: Candidates = retrieve::find(library, &self.embedder, question, reach).await?;
        imprint::leave_out(&mut candidates, question);
        let ranked: Vec<Ranked> = self.ranked(library, question, &candidates, deadline).await?;
        clock.timings.retrieve += clock.lap();

        let pointer = self.pointer(library, deadline);
        let pointed: Pointed = pointer.choose(question, &candidates.query, &ranked).await?;
        let support = Support::of(question, &ranked, &pointed);
        clock.timings.point += clock.lap();
        Ok(Found {
            candidates,
            quotes: pointed.quotes,
            support,
        })
    }

    /// The candidates in the order of their scores, and in that of the judge, where there is one.
    async fn ranked(
        &self,
        library: &Library,
        question: &Understood,
        candidates: &Candidates,
        deadline: Option<Instant>,
    ) -> Result<Vec<Ranked>, AskError> {
        let ranked = rerank::order(library, question, candidates);
        match &self.judge {
            Some(judge) => judge::order(judge, library, question, ranked, self.width.judged, deadline).await,
            None => Ok(ranked),
        }
    }

    fn reach(&self, request: &AskRequest) -> Reach {
        Reach {
            kinds: request.kinds.clone().unwrap_or_default(),
            candidates: self.width.candidates,
            ..Reach::default()
        }
    }

    fn pointer<'a>(&'a self, library: &'a Library, deadline: Option<Instant>) -> Pointer<'a> {
        Pointer {
            chooser: &self.chooser,
            library,
            embedder: &self.embedder,
            vectors: &self.vectors,
            sentences: self.width.sentences,
            passages: self.width.passages,
            deadline,
        }
    }

    fn sources(&self, quotes: &[Quote], as_of: Date) -> Vec<Source> {
        quotes
            .iter()
            .map(|quote| cite::source(quote, as_of, &self.texts.place))
            .collect()
    }

    fn empty_reply(&self, library: &Library, as_of: Date) -> AskReply {
        AskReply {
            answer_id: uuid::Uuid::new_v4().to_string(),
            status: AnswerStatus::Answered,
            sentences: Vec::new(),
            sources: Vec::new(),
            nearest: Vec::new(),
            notices: Vec::new(),
            dropped_sentences: 0,
            as_of,
            release: library.release.manifest.release.clone(),
            model: None,
            diagnostics: Diagnostics::default(),
            timings_ms: Timings::default(),
        }
    }

    fn today(&self) -> Date {
        jiff::Timestamp::now().to_zoned(self.time_zone.clone()).date()
    }
}

/// What the material has for a question.
struct Found {
    candidates: Candidates,
    /// Best first.
    quotes: Vec<Quote>,
    /// Whether they answer it.
    support: Support,
}

/// Every source's quote as a sentence of the answer.
fn quoted(sources: &[Source]) -> Vec<Sentence> {
    let sentence = |(i, source): (usize, &Source)| Sentence {
        text: source.quote.clone(),
        kind: SentenceKind::Quote,
        support: Ground::Verbatim,
        citations: vec![i],
    };
    sources.iter().enumerate().map(sentence).collect()
}

/// Measures the steps of one request.
struct Clock {
    started: Instant,
    lap: Instant,
    timings: Timings,
}

impl Clock {
    fn start() -> Self {
        let now = Instant::now();
        Self {
            started: now,
            lap: now,
            timings: Timings::default(),
        }
    }

    /// Milliseconds since the last lap.
    fn lap(&mut self) -> f64 {
        let now = Instant::now();
        let passed = now - self.lap;
        self.lap = now;
        milliseconds(passed)
    }

    fn finish(&self) -> Timings {
        Timings {
            total: milliseconds(self.started.elapsed()),
            ..self.timings
        }
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
