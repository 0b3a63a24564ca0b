//! Two messages and a grammar in, the model's text piece by piece out. The only file that knows llama.cpp.
//!
//! One request at a time: on the few cores of a municipality's machine two at once give no more words in all. The
//! evaluated system message of each kind of request is kept; everything that came from a user is cleared as soon as
//! the request ends.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use encoding_rs::UTF_8;
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;
use llama_cpp_2::{LogOptions, send_logs_to_tracing};

use super::chat_template::ChatTemplate;
use super::prompt::Completion;
use super::protocol::{Load, Work, WorkerFault};

/// The sequence that a request is evaluated in; the kept prefixes have the next ones.
const WORKING: u32 = 0;
/// Kinds of request, each with its own system message: choosing and summarising.
const KEPT_PREFIXES: usize = 2;
/// Room for the kept prefixes beside the configured context, in tokens.
const PREFIX_ROOM: usize = 512;

/// Tokens of a prompt evaluated at once. A cancelled request is noticed between two steps, so a step is made as large
/// as fits into [`STEP_TIME`] on this machine under its present load.
const FIRST_STEP: usize = 32;
const LARGEST_STEP: usize = 256;
/// Still smaller steps would cost twice the time for each token.
const SMALLEST_STEP: usize = 16;
/// Below the 250 ms within which a cancelled request must be gone.
const STEP_TIME: Duration = Duration::from_millis(150);

/// A loaded backend and model, which an [`Engine`] borrows.
pub(super) struct Loaded {
    backend: LlamaBackend,
    model: LlamaModel,
}

impl Loaded {
    pub(super) fn open(path: &Path) -> Result<Self, WorkerFault> {
        send_logs_to_tracing(LogOptions::default().with_logs_enabled(false));
        let backend = LlamaBackend::init().map_err(|_| WorkerFault::Load)?;
        // `load_from_file` panics on a missing file in a development build.
        if !path.is_file() {
            return Err(WorkerFault::Load);
        }
        let model =
            LlamaModel::load_from_file(&backend, path, &LlamaModelParams::default()).map_err(|_| WorkerFault::Load)?;
        Ok(Self { backend, model })
    }
}

/// A prompt in tokens: what all requests of its kind begin with, and what is this request's own.
struct Prompt {
    prefix: Vec<LlamaToken>,
    rest: Vec<LlamaToken>,
}

/// A model with its context and the prefixes that stand in it.
pub(super) struct Engine<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    template: ChatTemplate,
    prefixes: Vec<Vec<LlamaToken>>,
    /// Tokens that one request may take in all.
    budget: usize,
    step: usize,
}

impl<'m> Engine<'m> {
    pub(super) fn new(loaded: &'m Loaded, load: &Load) -> Result<Self, WorkerFault> {
        let Loaded { backend, model } = loaded;
        let trained = model.n_ctx_train();
        if load.context > trained {
            return Err(WorkerFault::Context { trained });
        }
        let budget = load.context as usize;
        let threads = i32::from(load.threads);
        let parameters = LlamaContextParams::default()
            .with_n_ctx(NonZeroU32::new(load.context + PREFIX_ROOM as u32))
            .with_n_batch(LARGEST_STEP as u32)
            .with_n_ubatch(LARGEST_STEP as u32)
            .with_n_seq_max(1 + KEPT_PREFIXES as u32)
            .with_kv_unified(true)
            .with_n_threads(threads)
            .with_n_threads_batch(threads);
        Ok(Self {
            model,
            context: model.new_context(backend, parameters).map_err(|_| WorkerFault::Load)?,
            batch: LlamaBatch::new(LARGEST_STEP, 1),
            template: read_template(model).ok_or(WorkerFault::ChatTemplate)?,
            prefixes: Vec::new(),
            budget,
            step: FIRST_STEP,
        })
    }

    /// Completes until the model ends, `max_tokens` are written, or `stopped` says so. Deterministic: the most likely
    /// token is taken each time.
    pub(super) fn complete(
        &mut self,
        completion: &Completion,
        max_tokens: u32,
        stopped: &dyn Fn() -> bool,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Work, WorkerFault> {
        let work = self.prompt_and_answer(completion, max_tokens as usize, stopped, on_text);
        // Nothing of a question stays in the context, however the request ended.
        let cleared = self.context.clear_kv_cache_seq(Some(WORKING), None, None);
        if cleared.is_err() {
            return Err(WorkerFault::Evaluate);
        }
        work
    }

    fn prompt_and_answer(
        &mut self,
        completion: &Completion,
        max_tokens: usize,
        stopped: &dyn Fn() -> bool,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Work, WorkerFault> {
        let began = Instant::now();
        let prompt = tokenise(&self.model.vocab(), &self.template, completion);
        let length = prompt.prefix.len() + prompt.rest.len();
        if length + max_tokens > self.budget {
            return Err(WorkerFault::TooLong);
        }
        let mut sampler = LlamaSampler::chain_simple([
            LlamaSampler::grammar(self.model, &completion.grammar, "root").map_err(|_| WorkerFault::Evaluate)?,
            LlamaSampler::greedy(),
        ]);
        let mut work = Work::default();
        let reused = self.begin_with(&prompt.prefix, stopped)?;
        let whole = self.evaluate(WORKING, prompt.prefix.len(), &prompt.rest, stopped)?;
        work.reused_tokens = reused;
        work.prompt_tokens = length - reused;
        work.prompt_ms = millis(began);
        if whole {
            let began = Instant::now();
            work.answer_tokens = self.answer(&mut sampler, length, max_tokens, stopped, on_text)?;
            work.answer_ms = millis(began);
        }
        Ok(work)
    }

    /// Puts the prefix at the start of the working sequence, from an earlier request where it can. Says how many
    /// tokens needed no evaluation.
    fn begin_with(&mut self, prefix: &[LlamaToken], stopped: &dyn Fn() -> bool) -> Result<usize, WorkerFault> {
        let known = self.prefixes.iter().position(|kept| kept == prefix);
        let (slot, reused) = match known {
            Some(slot) => (slot, prefix.len()),
            None => {
                let kept: usize = self.prefixes.iter().map(Vec::len).sum();
                if self.prefixes.len() == KEPT_PREFIXES || kept + prefix.len() > PREFIX_ROOM {
                    self.prefixes.clear();
                    self.context.clear_kv_cache();
                }
                let slot = self.prefixes.len();
                if !self.evaluate(kept_sequence(slot), 0, prefix, stopped)? {
                    self.clear(kept_sequence(slot))?;
                    return Ok(0);
                }
                self.prefixes.push(prefix.to_vec());
                (slot, 0)
            }
        };
        self.context
            .copy_kv_cache_seq(kept_sequence(slot) as i32, WORKING as i32, None, None)
            .map_err(|_| WorkerFault::Evaluate)?;
        Ok(reused)
    }

    /// Evaluates tokens from position `start` on. False when it was stopped before the end.
    fn evaluate(
        &mut self,
        sequence: u32,
        start: usize,
        tokens: &[LlamaToken],
        stopped: &dyn Fn() -> bool,
    ) -> Result<bool, WorkerFault> {
        let mut done = 0;
        while done < tokens.len() {
            if stopped() {
                return Ok(false);
            }
            let began = Instant::now();
            let end = tokens.len().min(done + self.step);
            self.decode(sequence, start + done, &tokens[done..end])?;
            let spent = began.elapsed();
            if spent > STEP_TIME {
                self.step = (self.step / 2).max(SMALLEST_STEP);
            } else if spent < STEP_TIME / 2 && end - done == self.step {
                self.step = (self.step * 2).min(LARGEST_STEP);
            }
            done = end;
        }
        Ok(!stopped())
    }

    /// Samples and evaluates token by token; returns how many were written.
    fn answer(
        &mut self,
        sampler: &mut LlamaSampler,
        start: usize,
        max_tokens: usize,
        stopped: &dyn Fn() -> bool,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<usize, WorkerFault> {
        // A letter such as å may be split over two tokens.
        let mut utf8 = UTF_8.new_decoder_without_bom_handling();
        for written in 0..max_tokens {
            let token = sampler.sample(&self.context, -1);
            if self.model.vocab().is_eog(token) || stopped() {
                return Ok(written);
            }
            let bytes = self.model.vocab().token_to_piece(token, false, None);
            let mut text = String::with_capacity(utf8.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3));
            // The capacity holds the whole piece, so one call reads it to the end.
            let _ = utf8.decode_to_string(&bytes, &mut text, false);
            if !text.is_empty() {
                on_text(&text);
            }
            self.decode(WORKING, start + written, &[token])?;
        }
        Ok(max_tokens)
    }

    fn decode(&mut self, sequence: u32, start: usize, tokens: &[LlamaToken]) -> Result<(), WorkerFault> {
        self.batch.clear();
        for (offset, token) in tokens.iter().enumerate() {
            let last = offset + 1 == tokens.len();
            self.batch
                .add(*token, (start + offset) as i32, &[sequence as i32], last)
                .map_err(|_| WorkerFault::Evaluate)?;
        }
        self.context.decode(&mut self.batch).map_err(|_| WorkerFault::Evaluate)
    }

    fn clear(&mut self, sequence: u32) -> Result<(), WorkerFault> {
        self.context
            .clear_kv_cache_seq(Some(sequence), None, None)
            .map_err(|_| WorkerFault::Evaluate)?;
        Ok(())
    }
}

fn kept_sequence(slot: usize) -> u32 {
    WORKING + 1 + slot as u32
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}

/// The model's own template. Only ever its default one: asking by name reads freed memory in this version.
fn read_template(model: &LlamaModel) -> Option<ChatTemplate> {
    let source = model.chat_template(None).ok()?.to_string().ok()?;
    let vocab = model.vocab();
    // A model without such a token answers -1, which llama.cpp does not let one ask about.
    let text = |token: LlamaToken| match token.0 {
        0.. => vocab
            .text(token)
            .map(|text| text.to_string_lossy().into_owned())
            .unwrap_or_default(),
        _ => String::new(),
    };
    ChatTemplate::read(&source, &text(vocab.bos()), &text(vocab.eos()))
}

/// Control tokens come from the template alone; the messages are tokenised as plain text.
fn tokenise(vocab: &LlamaVocab<'_>, template: &ChatTemplate, completion: &Completion) -> Prompt {
    let control = |text: &str| vocab.tokenize(text.as_bytes(), false, true);
    let plain = |text: &str| vocab.tokenize(text.as_bytes(), false, false);
    let mut prefix = control(&template.before_system);
    if vocab.should_add_bos() && prefix.first() != Some(&vocab.bos()) {
        prefix.insert(0, vocab.bos());
    }
    prefix.extend(plain(&completion.system));
    prefix.extend(control(&template.between));
    let mut rest = plain(&completion.user);
    rest.extend(control(&template.after_user));
    Prompt { prefix, rest }
}

#[cfg(test)]
mod tests;
