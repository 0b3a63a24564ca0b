//! The model's own Jinja template in, the control text around system and user message out.
//!
//! The template is rendered once with a marker in the place of each message. What stands around the markers is the
//! model's own and may hold control tokens; what goes in their place is text and never does. So no `<|im_start|>` in
//! a PDF or a question can begin a turn of its own.

use minijinja::{Environment, Error, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;

/// Stands for the system message. A private-use character, which no template writes and no `trim` takes away.
const SYSTEM: &str = "\u{F0000}";
/// Stands for the user message.
const USER: &str = "\u{F0001}";

/// What a template puts around the two messages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChatTemplate {
    pub(super) before_system: String,
    pub(super) between: String,
    pub(super) after_user: String,
}

impl ChatTemplate {
    /// Runs the template. None when it is broken, or does not give back both messages once and in order.
    pub(super) fn read(source: &str, bos: &str, eos: &str) -> Option<Self> {
        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", |reason: String| {
            Err::<Value, _>(Error::new(ErrorKind::InvalidOperation, reason))
        });
        let template = environment.template_from_str(source).ok()?;
        let around = |messages: Value| {
            let text = template
                .render(context! {
                    messages,
                    add_generation_prompt => true,
                    // Models that would think aloud first are told not to: the answer is short and checked.
                    enable_thinking => false,
                    bos_token => bos,
                    eos_token => eos,
                })
                .ok()?;
            Self::around_markers(&text)
        };
        let two = vec![
            context! { role => "system", content => SYSTEM },
            context! { role => "user", content => USER },
        ];
        // Some models know no system turn and say so by an exception, or leave it out.
        let one = vec![context! { role => "user", content => format!("{SYSTEM}\n\n{USER}") }];
        around(Value::from(two)).or_else(|| around(Value::from(one)))
    }

    fn around_markers(text: &str) -> Option<Self> {
        let (before_system, rest) = text.split_once(SYSTEM)?;
        let (between, after_user) = rest.split_once(USER)?;
        let parts = [before_system, between, after_user];
        let clean = parts.iter().all(|part| !part.contains(SYSTEM) && !part.contains(USER));
        clean.then(|| Self {
            before_system: before_system.to_owned(),
            between: between.to_owned(),
            after_user: after_user.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Option<(String, String, String)> {
        ChatTemplate::read(source, "<s>", "</s>").map(|t| (t.before_system, t.between, t.after_user))
    }

    fn parts(before: &str, between: &str, after: &str) -> Option<(String, String, String)> {
        Some((before.to_owned(), between.to_owned(), after.to_owned()))
    }

    #[test]
    fn chatml_is_cut_around_the_messages() {
        let source = "{%- for m in messages %}\n    {{- '<|im_start|>' + m.role + '\n' + m['content'].strip() + '<|im_end|>' + '\n' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\n' }}\n{%- endif %}";
        assert_eq!(
            read(source),
            parts(
                "<|im_start|>system\n",
                "<|im_end|>\n<|im_start|>user\n",
                "<|im_end|>\n<|im_start|>assistant\n"
            )
        );
    }

    #[test]
    fn a_model_without_system_turn_gets_one_user_turn() {
        for refuse in ["{{ raise_exception('no system role') }}", ""] {
            let source = format!(
                "{{{{ bos_token }}}}{{% for m in messages %}}{{% if m.role == 'system' %}}{refuse}{{% else %}}[U]{{{{ m.content }}}}[/U]{{% endif %}}{{% endfor %}}"
            );
            assert_eq!(read(&source), parts("<s>[U]", "\n\n", "[/U]"), "{refuse:?}");
        }
    }

    #[test]
    fn a_template_that_loses_or_doubles_a_message_is_refused() {
        assert_eq!(
            read("{% for m in messages if m.role == 'system' %}{{ m.content }}{% endfor %}"),
            None
        );
        assert_eq!(
            read("{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}"),
            None
        );
        assert_eq!(read("{% for m in messages"), None);
        assert_eq!(read("constant"), None);
    }
}
