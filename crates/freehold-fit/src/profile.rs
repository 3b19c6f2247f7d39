//! What somebody answered, from wherever it came, and what can be wrong with it.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{
    Factor,
    question::{COUNT, QUESTIONS, position},
};

/// Answers to some of the [`QUESTIONS`]; the others are unknown. In which order they came leaves no
/// trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Profile {
    answers: [Option<u8>; COUNT],
}

/// One answer as somebody gave it, before it is known to mean anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The question's name.
    pub question: String,
    /// The answer's name, or [`UNKNOWN`].
    pub answer: String,
    /// Where it was given.
    pub place: Place,
}

/// Where an answer was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A flag of the command line.
    Flag {
        /// As it was written.
        flag: String,
    },
    /// A file.
    File {
        /// As it was named.
        name: String,
        /// The line, from 1.
        line: usize,
    },
    /// A form's field.
    Form,
    /// A question asked in a terminal.
    Prompt,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag { flag } => f.write_str(flag),
            Self::File { name, line } => write!(f, "{name}:{line}"),
            Self::Form => f.write_str("the form"),
            Self::Prompt => f.write_str("the terminal"),
        }
    }
}

/// Why answers do not make a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Nobody asks this.
    #[error("{place}: no question is called `{question}`")]
    UnknownQuestion {
        /// The name that was given.
        question: String,
        /// Where.
        place: Place,
    },
    /// The question has no such answer.
    #[error("{place}: `{question}` has no answer `{answer}`; it may be {}", Known(question))]
    UnknownAnswer {
        /// The question.
        question: &'static str,
        /// The answer that was given.
        answer: String,
        /// Where.
        place: Place,
    },
    /// Two places answer the same question differently.
    #[error(
        "`{question}` is `{}` in {} and `{}` in {}",
        both[0].answer, both[0].place, both[1].answer, both[1].place
    )]
    Contradiction {
        /// The question.
        question: &'static str,
        /// The two statements.
        both: Box<[Statement; 2]>,
    },
}

/// The answer that says that the answer is not known.
pub const UNKNOWN: &str = "unknown";

impl Profile {
    /// Nothing is known.
    pub const EMPTY: Self = Self { answers: [None; COUNT] };

    /// Of what was stated. The same statement twice is one statement.
    ///
    /// # Errors
    /// The first of `statements` that means nothing, or contradicts an earlier one.
    pub fn of(statements: &[Statement]) -> Result<Self, ProfileError> {
        let mut profile = Self::EMPTY;
        let mut earlier: [Option<&Statement>; COUNT] = [None; COUNT];
        for statement in statements {
            let (at, answer) = resolve(statement)?;
            match earlier[at] {
                Some(first) if first.answer != statement.answer => {
                    return Err(ProfileError::Contradiction {
                        question: QUESTIONS[at].id,
                        both: Box::new([first.clone(), statement.clone()]),
                    });
                }
                _ => earlier[at] = Some(statement),
            }
            profile.answers[at] = answer;
        }
        Ok(profile)
    }

    /// Of what was stated, over what a file says: the file does not speak to a question that was
    /// answered otherwise.
    ///
    /// # Errors
    /// As for [`Profile::of`], among the file's statements or among the others.
    pub fn over(file: &[Statement], stated: &[Statement]) -> Result<Self, ProfileError> {
        let (mut profile, over) = (Self::of(file)?, Self::of(stated)?);
        for at in stated.iter().filter_map(|one| position(&one.question)) {
            profile.answers[at] = over.answers[at];
        }
        Ok(profile)
    }

    /// The answer to a question, both by their names; none where it is unknown or there is no such
    /// question.
    pub fn answer(&self, question: &str) -> Option<&'static str> {
        let at = position(question)?;
        self.at(at).map(|answer| QUESTIONS[at].answers[answer].id)
    }

    /// The same profile but for one answer, by the places of both; none makes it unknown. Places
    /// that do not exist change nothing.
    pub fn with(mut self, question: usize, answer: Option<usize>) -> Self {
        let known = |answer: &usize| {
            QUESTIONS.get(question).is_some_and(|question| *answer < question.answers.len())
        };
        let answer = match answer {
            Some(answer) if !known(&answer) => return self,
            answer => answer.and_then(|answer| u8::try_from(answer).ok()),
        };
        if let Some(slot) = self.answers.get_mut(question) {
            *slot = answer;
        }
        self
    }

    /// The place of the answer to the question at a place of [`QUESTIONS`].
    pub fn at(&self, question: usize) -> Option<usize> {
        self.answers.get(question).copied().flatten().map(usize::from)
    }

    /// The places of questions that are not answered.
    pub fn unknown(&self) -> impl Iterator<Item = usize> {
        (0..COUNT).filter(|at| self.at(*at).is_none())
    }

    /// How many questions are answered.
    pub fn known(&self) -> usize {
        COUNT - self.unknown().count()
    }

    /// As a file of answers that [`crate::advise`]'s callers read again, unknown ones as comments.
    pub fn to_toml(&self) -> String {
        let mut text = String::from(HEAD);
        for factor in Factor::ALL {
            text.push_str(&format!("\n# {}\n", factor.name()));
            for (at, question) in QUESTIONS.iter().enumerate() {
                if question.factor == factor {
                    text.push_str(&match self.at(at) {
                        Some(answer) => {
                            let answer = &question.answers[answer];
                            format!("{} = \"{}\" # {}\n", question.id, answer.id, answer.text)
                        }
                        None => format!("# {} = \"{UNKNOWN}\" # {}\n", question.id, question.text),
                    });
                }
            }
        }
        text
    }

    /// As flags of `freehold fit`, one string an argument.
    pub fn to_arguments(&self) -> Vec<String> {
        let answered = (0..COUNT).filter_map(|at| {
            let question = QUESTIONS[at];
            self.at(at).map(|answer| format!("{}={}", question.id, question.answers[answer].id))
        });
        answered.flat_map(|answer| ["--answer".to_owned(), answer]).collect()
    }
}

/// As a map from question to answer, or null.
impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(COUNT))?;
        for question in QUESTIONS {
            map.serialize_entry(question.id, &self.answer(question.id))?;
        }
        map.end()
    }
}

fn resolve(statement: &Statement) -> Result<(usize, Option<u8>), ProfileError> {
    let Some(at) = position(&statement.question) else {
        return Err(ProfileError::UnknownQuestion {
            question: statement.question.clone(),
            place: statement.place.clone(),
        });
    };
    if statement.answer == UNKNOWN {
        return Ok((at, None));
    }
    let question = QUESTIONS[at];
    match question.position(&statement.answer).and_then(|answer| u8::try_from(answer).ok()) {
        Some(answer) => Ok((at, Some(answer))),
        None => Err(ProfileError::UnknownAnswer {
            question: question.id,
            answer: statement.answer.clone(),
            place: statement.place.clone(),
        }),
    }
}

struct Known(&'static str);

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answers = position(self.0).map_or(&[][..], |at| QUESTIONS[at].answers);
        for answer in answers {
            write!(f, "`{}`, ", answer.id)?;
        }
        write!(f, "or `{UNKNOWN}`")
    }
}

const HEAD: &str = "\
# Answers for `freehold fit --from FILE`. What is not known is left out.
schema = 1
";
