//! What an answer shows before it is finished: its sources, then each sentence once it is checked.

use tokio::sync::mpsc;

use crate::reply::{Sentence, Source};

/// Something that may be shown at once.
#[derive(Debug, Clone)]
pub enum Event {
    /// What the answer rests on; the citations of every sentence point into it.
    Sources(Vec<Source>),
    /// A quote, or a sentence of the model that passed the checks.
    Sentence(Sentence),
}

/// Where the events of one answer go. When the receiver is dropped, the answer is no longer worked on; when it does not take
/// its events, the answer waits.
pub type Progress = mpsc::Sender<Event>;

/// Shows an event. That nobody receives it any more ends the whole answer, so it is no fault here.
pub(crate) async fn show(progress: &Progress, event: Event) {
    let _gone = progress.send(event).await;
}
