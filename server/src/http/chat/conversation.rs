//! A chat program's request in; the question with its history out.

use serde::Deserialize;
use utoipa::ToSchema;
use zeroize::Zeroize;

use crate::http::problem::Problem;
use crate::question::{AskRequest, MAX_HISTORY, MAX_TURN, Mode, Role, Turn};

/// Request of `POST /v1/chat/completions`. Chat programs send many more fields; they are ignored.
#[derive(Deserialize, ToSchema)]
pub struct ChatRequest {
    /// One of `GET /v1/models`.
    pub model: ChatModel,
    /// The conversation, oldest first.
    messages: Vec<Message>,
    /// Whether the reply comes piece by piece.
    #[serde(default)]
    pub stream: bool,
}

/// What chat programs may choose between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChatModel {
    /// Quotes, and a checked summary where the site has a language model.
    Lotsen,
    /// Quotes alone.
    LotsenCitat,
}

/// One message.
#[derive(Deserialize, ToSchema)]
pub struct Message {
    /// Who wrote it.
    role: ChatRole,
    /// What was written.
    #[serde(default)]
    content: Option<Content>,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ChatRole {
    /// The program's instructions; ignored.
    System,
    /// The same under another name.
    Developer,
    /// The user.
    User,
    /// Lotsen.
    Assistant,
    /// The result of a tool; ignored.
    Tool,
    /// The same under an older name.
    Function,
}

/// A message's text, whole or in parts.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum Content {
    /// Whole.
    Text(String),
    /// In parts.
    Parts(Vec<Part>),
}

/// A part of a message. Pictures and sound are not taken.
#[derive(Deserialize, ToSchema)]
pub struct Part {
    /// Its sort.
    #[serde(rename = "type")]
    #[expect(dead_code, reason = "reading it refuses every other sort")]
    kind: PartKind,
    /// Its text.
    text: String,
}

/// The sort of part that is taken.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum PartKind {
    /// Text.
    Text,
}

impl ChatRequest {
    /// Which messages are read: the last one of the user and the ten before it that he or Lotsen wrote. The places are
    /// indexes into `messages`.
    pub fn read(&self) -> Vec<usize> {
        let spoken = |(i, message): (usize, &Message)| message.turn_role().map(|role| (i, role));
        let turns: Vec<(usize, Role)> = self.messages.iter().enumerate().filter_map(spoken).collect();
        let Some(asked) = turns.iter().rposition(|(_, role)| *role == Role::User) else {
            return Vec::new();
        };
        let first = asked.saturating_sub(MAX_HISTORY);
        turns[first..=asked].iter().map(|(i, _)| *i).collect()
    }

    /// The question; `site` is what the links of earlier answers begin with.
    ///
    /// # Errors
    /// No message is the user's.
    pub fn into_question(self, site: &str) -> Result<AskRequest, Problem> {
        let mut read = self.read();
        let asked = read.pop().ok_or_else(|| {
            let field = Some("messages".to_owned());
            Problem::invalid(field, "empty", &[])
        })?;
        let turn = |i: usize| {
            let message = self.messages.get(i)?;
            let role = message.turn_role()?;
            let said = match role {
                Role::User => message.text(),
                Role::Assistant => without_links(&message.text(), site),
            };
            let content = said.chars().take(MAX_TURN).collect();
            Some(Turn { role, content })
        };
        Ok(AskRequest {
            question: self.messages.get(asked).map(Message::text).unwrap_or_default(),
            history: read.into_iter().filter_map(turn).collect(),
            as_of: None,
            kinds: None,
            mode: match self.model {
                ChatModel::Lotsen => Mode::Summary,
                ChatModel::LotsenCitat => Mode::Quotes,
            },
            budget_ms: None,
            confirmed: Vec::new(),
        })
    }
}

impl Message {
    fn turn_role(&self) -> Option<Role> {
        match self.role {
            ChatRole::User => Some(Role::User),
            ChatRole::Assistant => Some(Role::Assistant),
            ChatRole::System | ChatRole::Developer | ChatRole::Tool | ChatRole::Function => None,
        }
    }

    fn text(&self) -> String {
        match &self.content {
            None => String::new(),
            Some(Content::Text(text)) => text.clone(),
            Some(Content::Parts(parts)) => {
                let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                texts.join("\n")
            }
        }
    }
}

/// An earlier answer without the addresses of its places. They say nothing to a follow-up, and the letters in a version's name
/// look like a foreign name now and then.
fn without_links(answer: &str, site: &str) -> String {
    let opening = format!("]({site}/d/");
    let mut parts = answer.split(&opening);
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once(')').map_or("", |(_, after)| after));
    [first].into_iter().chain(rest).collect::<Vec<_>>().join("]")
}

/// As everywhere: what somebody wrote is overwritten when it is let go.
impl Drop for Content {
    fn drop(&mut self) {
        match self {
            Content::Text(text) => text.zeroize(),
            Content::Parts(parts) => parts.iter_mut().for_each(|part| part.text.zeroize()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SITE: &str = "https://lotsen.example.se";

    fn chat(messages: Value) -> ChatRequest {
        let request = json!({"model": "lotsen-citat", "messages": messages, "temperature": 0.7, "tools": []});
        serde_json::from_value(request).unwrap()
    }

    #[test]
    fn the_last_message_of_the_user_is_the_question_and_the_rest_is_history() {
        let request = chat(json!([
            {"role": "system", "content": "Du är en pirat."},
            {"role": "user", "content": "Vad är bistånd?"},
            {"role": "assistant", "content": null},
            {"role": "tool", "content": "x"},
            {"role": "user", "content": [{"type": "text", "text": "Och"}, {"type": "text", "text": "annars?"}]},
        ]));
        assert_eq!(request.read(), [1, 2, 4]);
        let question = request.into_question(SITE).unwrap();
        assert_eq!(question.question, "Och\nannars?");
        let history: Vec<(Role, &str)> = question.history.iter().map(|t| (t.role, t.content.as_str())).collect();
        assert_eq!(history, [(Role::User, "Vad är bistånd?"), (Role::Assistant, "")]);
        assert_eq!(question.mode, Mode::Quotes);
    }

    #[test]
    fn a_long_conversation_is_cut_to_what_the_contract_takes() {
        let turns: Vec<Value> = (0..41)
            .map(
                |i| json!({"role": if i % 2 == 0 { "user" } else { "assistant" }, "content": "å".repeat(MAX_TURN + i)}),
            )
            .collect();
        let question = chat(json!(turns)).into_question(SITE).unwrap();
        assert_eq!(question.history.len(), MAX_HISTORY);
        assert!(
            question
                .history
                .iter()
                .all(|turn| turn.content.chars().count() == MAX_TURN)
        );
        assert_eq!(
            question.question.chars().count(),
            MAX_TURN + 40,
            "the question itself is never cut"
        );
    }

    #[test]
    fn without_a_question_there_is_nothing_to_answer() {
        let problem = chat(json!([{"role": "system", "content": "x"}]))
            .into_question(SITE)
            .err();
        assert_eq!(problem.and_then(|problem| problem.field).as_deref(), Some("messages"));
    }

    #[test]
    fn an_earlier_answer_keeps_its_words_and_not_its_addresses() {
        let answer = format!(
            "> Rätt till.\n>\n> [1] [9 § LSS]({SITE}/d/lss/eeffd12c#lss.p9-ccbf)\n\nSe [x](https://y.example/d/)."
        );
        let expected = "> Rätt till.\n>\n> [1] [9 § LSS]\n\nSe [x](https://y.example/d/).";
        assert_eq!(without_links(&answer, SITE), expected);
        assert_eq!(without_links("Utan länk.", SITE), "Utan länk.");
    }
}
