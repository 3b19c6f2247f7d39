//! What a stream names, calls and changes, and what would come of it.

use std::io::Read;

use super::{
    machine::{Fault, Machine},
    names::{self, Class, Special},
    value::{Kind, Value},
};
use crate::{
    finding::{Finding, Severity, shown},
    rules::{self, Rule},
};

type Step = Result<(), Fault>;

impl<R: Read> Machine<R> {
    /// The opcodes that import, call or change.
    pub(super) fn effect(&mut self, opcode: u8) -> Step {
        match opcode {
            b'c' => {
                let (module, name) = (self.source.line()?, self.source.line()?);
                let value = self.global(&module, &name);
                self.push(value)
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                let value = self.stack_global(module, name);
                self.push(value)
            }
            b'i' => {
                let (module, name) = (self.source.line()?, self.source.line()?);
                let callee = self.global(&module, &name);
                let from = self.pop_mark()?;
                let arguments = self.tuples.add(&self.own.stack[from..]);
                self.own.stack.truncate(from);
                let made = self.call(callee, arguments);
                self.push(made)
            }
            b'o' => {
                let from = self.pop_mark()?;
                let callee = *self.own.stack.get(from).ok_or(Fault::Invalid)?;
                let arguments = self.tuples.add(&self.own.stack[from + 1..]);
                self.own.stack.truncate(from);
                let made = self.call(callee, arguments);
                self.push(made)
            }
            b'R' => {
                let (arguments, callee) = (self.pop()?, self.pop()?);
                let made = self.call(callee, arguments);
                self.push(made)
            }
            0x81 => {
                let (_, class) = (self.pop()?, self.pop()?);
                let made = self.instance(class);
                self.push(made)
            }
            0x92 => {
                let (_, _, class) = (self.pop()?, self.pop()?, self.pop()?);
                let made = self.instance(class);
                self.push(made)
            }
            b'b' => {
                let state = self.pop()?;
                self.build(state)
            }
            0x82 => {
                let [code] = self.source.array()?;
                self.extension(u32::from(code))
            }
            0x83 => {
                let code = u16::from_le_bytes(self.source.array()?);
                self.extension(u32::from(code))
            }
            _ => {
                let code = u32::from_le_bytes(self.source.array()?);
                self.extension(code)
            }
        }
    }

    fn extension(&mut self, code: u32) -> Step {
        self.say(&rules::EXTENSION, format!("extension code {code}"));
        self.push(Value::Data(Kind::Object))
    }

    fn stack_global(&mut self, module: Value, name: Value) -> Value {
        let text = |value| match value {
            Value::Text(handle) => self.texts.get(handle).map(<[u8]>::to_vec),
            _ => None,
        };
        if let (Some(module), Some(name)) = (text(module), text(name)) {
            return self.global(&module, &name);
        }
        let computed = |value| !matches!(value, Value::Text(_) | Value::Data(Kind::Text));
        if computed(module) || computed(name) {
            self.say(&rules::COMPUTED_NAME, "names a callable by what a call returned".to_owned());
        } else {
            self.say(&rules::FORGOTTEN_NAME, "names a callable by a forgotten text".to_owned());
        }
        Value::Data(Kind::Object)
    }

    /// The stream names `name` in `module`.
    pub(super) fn global(&mut self, module: &[u8], name: &[u8]) -> Value {
        self.plausible |= names::plausible(module, name);
        let (module, name) = (shown(module, 200), shown(name, 200));
        let Some((place, new)) = self.globals.place(&module, &name) else {
            self.say(&rules::NOT_FOLLOWED, "more names than are followed".to_owned());
            return Value::Data(Kind::Object);
        };
        let Some(global) = self.globals.get(place) else { return Value::Data(Kind::Object) };
        let rule = match global.class {
            Class::Falls(rule) => rule,
            Class::Special(
                Special::EmbeddedCode
                | Special::EmbeddedType
                | Special::EmbeddedPart
                | Special::EmbeddedName,
            ) => &rules::EMBEDDED_CODE,
            Class::Special(Special::SetAttribute) => &rules::ATTRIBUTE,
            _ => return Value::Global(place),
        };
        if new {
            let finding = self.say(rule, format!("imports {module}.{name}"));
            if let Some(global) = self.globals.get(place) {
                global.finding = finding;
            }
        }
        Value::Global(place)
    }

    /// What a call of `callee` would make.
    fn call(&mut self, callee: Value, arguments: Value) -> Value {
        let object = Value::Data(Kind::Object);
        let (Value::Global(place) | Value::Partial(place)) = callee else {
            match callee {
                Value::Data(Kind::Object) | Value::ArrayWrapper => {
                    let what = format!("calls an object with {}", self.show(arguments, 1));
                    self.say(&rules::CALLS_INSTANCE, what);
                }
                // None, numbers and texts cannot be called: a reader stops here.
                _ => {}
            }
            return object;
        };
        let Some(global) = self.globals.get(place) else { return object };
        let (class, first) = (global.class, !global.called);
        global.called = true;
        match class {
            Class::Harmless => object,
            Class::Constructor => {
                self.constructor(place, arguments);
                object
            }
            Class::Named => {
                self.judge(place, arguments, true);
                object
            }
            Class::Falls(rule) => {
                if first {
                    self.tell(place, arguments);
                }
                if rule.severity < Severity::Malicious {
                    self.judge(place, arguments, false);
                }
                object
            }
            Class::Special(special) => self.special(special, place, arguments),
        }
    }

    /// A call of what is not known to be harmless: by what is called, and by what is handed over.
    fn judge(&mut self, place: u32, arguments: Value, say: bool) {
        let Some(global) = self.globals.get(place) else { return };
        let function = !global.name.contains(|c: char| c.is_ascii_uppercase());
        // A cache that is told its folder makes it.
        let cache = global.module == "joblib.memory";
        let called = names::called(&global.module, &global.name);
        let code = self.any_text(arguments, &|text| names::reads_as_code(text, true), 1);
        let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
        let file = function && self.any_text(arguments, &names::reads_as_path, 1)
            || cache && self.any_text(arguments, &|text| !text.is_empty(), 1);
        let rule = match called {
            _ if code => Some(&rules::CODE_ARGUMENT),
            None if file => Some(&rules::FOREIGN_CALL),
            called => called,
        };
        if let Some(rule) = rule {
            self.say(rule, what);
            return;
        }
        self.own.unsure = Some((self.source.position(), what.clone()));
        if say {
            self.say(&rules::UNKNOWN_CALL, what);
        }
    }

    /// A known library's class is made by calling it: harmless, but for code, and what may be a file.
    fn constructor(&mut self, place: u32, arguments: Value) {
        let rule = if self.any_text(arguments, &|text| names::reads_as_code(text, false), 1) {
            &rules::CODE_ARGUMENT
        } else if self.any_text(arguments, &names::reads_as_path, 1) {
            &rules::UNKNOWN_CALL
        } else {
            return;
        };
        let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
        self.say(rule, what);
    }

    /// What a call made that was not decided is thrown away: it was called for what it does.
    pub(super) fn discarded(&mut self, at: Option<u64>) {
        if let Some((end, _)) = &self.own.unsure
            && at.is_none_or(|at| at == *end)
            && let Some((_, what)) = self.own.unsure.take()
        {
            self.say(&rules::DISCARDED_CALL, format!("{what}, and drops what it made"));
        }
    }

    /// Whether something holds for a text among the arguments.
    fn any_text(&self, value: Value, holds: &dyn Fn(&[u8]) -> bool, depth: usize) -> bool {
        match value {
            Value::Text(handle) => self.texts.get(handle).is_some_and(holds),
            Value::Tuple(handle) if depth < 4 => self.tuples.get(handle).is_some_and(|values| {
                values.iter().any(|one| self.any_text(*one, holds, depth + 1))
            }),
            _ => false,
        }
    }

    fn special(&mut self, special: Special, place: u32, arguments: Value) -> Value {
        let object = Value::Data(Kind::Object);
        let given: Vec<Value> = match arguments {
            Value::Tuple(handle) => self.tuples.get(handle).map(<[Value]>::to_vec),
            _ => None,
        }
        .unwrap_or_default();
        match special {
            Special::Attribute => self.attribute(&given, arguments),
            Special::Partial => match given.first() {
                Some(Value::Global(place) | Value::Partial(place)) => Value::Partial(*place),
                other => other.copied().unwrap_or(object),
            },
            Special::AttributeGetter => self.attribute_getter(place, &given, arguments),
            Special::Element => self.element(&given),
            Special::ArrayWrapper => Value::ArrayWrapper,
            Special::Type => {
                if given.len() != 1 {
                    self.say(&rules::STANDARD_CALL, "makes a class with builtins.type".to_owned());
                }
                object
            }
            Special::Range => {
                let digits = |byte: &u8| byte.is_ascii_digit() || b"xrange()-, ".contains(byte);
                if self.any_text(arguments, &|text| !text.iter().all(digits), 1) {
                    let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
                    self.say(&rules::EVAL, what);
                }
                object
            }
            // Calling the helper makes the function; calling that one runs the code.
            Special::EmbeddedCode => {
                self.embedded("<function>", Class::Falls(&rules::EMBEDDED_CALL))
            }
            // No writer makes its functions by their bare type.
            Special::EmbeddedType
                if self.texts_of(&given).iter().any(|text| {
                    ["FunctionType", "LambdaType", "MethodType"].contains(&text.as_str())
                }) =>
            {
                self.embedded("<function>", Class::Falls(&rules::EMBEDDED_CALL))
            }
            Special::EmbeddedType => self.embedded("<class>", Class::Harmless),
            Special::EmbeddedPart => object,
            Special::EmbeddedName | Special::Lookup => {
                self.embedded_name(place, &self.texts_of(&given))
            }
            Special::SetAttribute => self.set_attribute(place, &given, arguments),
            Special::OfTypes => {
                if !self.of_types(&given) {
                    self.judge(place, arguments, true);
                }
                object
            }
            Special::Iterator => {
                if given.len() != 1 {
                    self.judge(place, arguments, true);
                }
                object
            }
            Special::Codec => self.codec(place, &given, arguments),
            Special::FromBytes => {
                if !matches!(given.first(), Some(Value::Data(Kind::Held))) {
                    let what = "reads a pickle from bytes that are not torch's".to_owned();
                    self.say(&rules::NESTED_LOAD, what);
                }
                object
            }
            Special::Reconstruct => given.first().map_or(object, |class| self.instance(*class)),
        }
    }

    fn attribute_getter(&mut self, place: u32, given: &[Value], arguments: Value) -> Value {
        let what = format!("makes {}{}", self.called(place), self.show(arguments, 1));
        let out = self.texts_of(given).iter().any(|text| {
            text.split('.').any(|part| names::leads_out(part) || part.starts_with("__"))
        });
        if out {
            self.say(&rules::ATTRIBUTE_CHAIN, what);
        }
        Value::Data(Kind::Object)
    }

    fn set_attribute(&mut self, place: u32, given: &[Value], arguments: Value) -> Value {
        let own = match given.first() {
            Some(Value::Global(place)) => {
                self.globals.get(*place).is_some_and(|one| one.module == EMBEDDED)
            }
            first => matches!(first, Some(Value::Data(Kind::Object))),
        };
        if !own {
            let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
            self.say(&rules::INTERPRETER, what);
        }
        Value::Data(Kind::Object)
    }

    fn embedded(&mut self, key: &str, class: Class) -> Value {
        let Some((place, _)) = self.globals.place(EMBEDDED, key) else {
            return Value::Data(Kind::Object);
        };
        if let Some(global) = self.globals.get(place) {
            global.class = class;
        }
        Value::Global(place)
    }

    /// A module that embedded code needs, or with a second text, or dots for dill, what is in one.
    fn embedded_name(&mut self, place: u32, texts: &[String]) -> Value {
        let dill = self.called(place).starts_with("dill.");
        let (module, name) = match texts {
            [module, name] => (module.as_str(), name.as_str()),
            [module] if dill && module != "os.path" => module.rsplit_once('.').unwrap_or_default(),
            _ => ("", ""),
        };
        if module.is_empty() {
            return Value::Data(Kind::Object);
        }
        self.global(module.as_bytes(), name.as_bytes())
    }

    /// `getitem` of one of `typing`'s names, or types joined by `or`.
    fn of_types(&mut self, given: &[Value]) -> bool {
        let Some(Value::Global(place)) = given.first() else { return false };
        self.globals.get(*place).is_some_and(|first| {
            matches!(first.module.as_str(), "typing" | "typing_extensions" | "collections.abc")
                || matches!(first.module.as_str(), "operator" | "_operator") && first.name == "or_"
        })
    }

    /// `codecs.encode(text, encoding)`: how protocols below 3 write bytes.
    fn codec(&mut self, place: u32, given: &[Value], arguments: Value) -> Value {
        let ordinary = match given.get(1) {
            None => true,
            Some(Value::Text(handle)) => self.texts.get(*handle).is_some_and(|encoding| {
                [&b"latin1"[..], b"latin-1", b"iso-8859-1", b"utf-8", b"utf8", b"ascii"]
                    .contains(&encoding.to_ascii_lowercase().as_slice())
            }),
            _ => false,
        };
        if !ordinary {
            let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
            self.say(&rules::COMPUTED_NAME, what);
        }
        Value::Data(match given.first() {
            Some(Value::Data(Kind::Held)) => Kind::Held,
            _ => Kind::Computed,
        })
    }

    fn texts_of(&self, values: &[Value]) -> Vec<String> {
        let text = |value: &Value| match value {
            Value::Text(handle) => self.texts.get(*handle),
            _ => None,
        };
        values
            .iter()
            .filter_map(text)
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect()
    }

    /// `getattr(object, name)`.
    fn attribute(&mut self, given: &[Value], arguments: Value) -> Value {
        let object = Value::Data(Kind::Object);
        let name = match given.get(1) {
            Some(Value::Text(handle)) => self.texts.get(*handle).map(<[u8]>::to_vec),
            Some(Value::Data(Kind::Computed | Kind::Object)) => {
                self.say(&rules::COMPUTED_NAME, "takes an attribute by a computed name".to_owned());
                return object;
            }
            _ => None,
        };
        match (given.first(), name) {
            (Some(Value::Global(place) | Value::Partial(place)), Some(name)) => {
                let Some(global) = self.globals.get(*place) else { return object };
                let (module, outer) = (global.module.clone(), global.name.clone());
                let name = shown(&name, 120);
                self.global(module.as_bytes(), format!("{outer}.{name}").as_bytes())
            }
            (first, name) => {
                let out = name.is_some_and(|name| {
                    let name = String::from_utf8_lossy(&name);
                    name.split('.').any(|part| names::leads_out(part) || part.starts_with("__"))
                });
                let what = format!("calls getattr{}", self.show(arguments, 1));
                // What a text or a number has of its own does nothing before it is called.
                let plain = matches!(first, Some(Value::Text(_) | Value::Int(_)));
                if out || !plain {
                    self.say(if out { &rules::ATTRIBUTE_CHAIN } else { &rules::ATTRIBUTE }, what);
                }
                object
            }
        }
    }

    /// `class.__new__(class, …)`.
    fn instance(&mut self, class: Value) -> Value {
        let object = Value::Data(Kind::Object);
        let (Value::Global(place) | Value::Partial(place)) = class else { return object };
        match self.globals.get(place).map(|global| global.class) {
            Some(Class::Special(Special::ArrayWrapper)) => Value::ArrayWrapper,
            Some(Class::Named) => {
                let what = format!("makes {}", self.called(place));
                self.say(&rules::UNKNOWN_CALL, what);
                object
            }
            _ => object,
        }
    }

    /// BUILD: the state goes into the object on top.
    fn build(&mut self, state: Value) -> Step {
        match self.top()? {
            Value::Global(place) => {
                let made = self.globals.get(place).is_some_and(|one| one.module == EMBEDDED);
                if !made {
                    let what = format!("changes {}", self.called(place));
                    self.say(&rules::BUILD_ON_GLOBAL, what);
                }
                Ok(())
            }
            Value::Partial(_) => {
                // The state names anew what is wrapped.
                let wrapped = match state {
                    Value::Tuple(handle) => self.tuples.get(handle).and_then(|all| all.first()),
                    _ => None,
                };
                if let (Some(Value::Global(place) | Value::Partial(place)), Some(top)) =
                    (wrapped.copied(), self.own.stack.last_mut())
                {
                    *top = Value::Partial(place);
                }
                Ok(())
            }
            Value::ArrayWrapper if self.kind.joblib => self.array(),
            Value::Element(packed) => self.element_state(packed, state),
            _ => Ok(()),
        }
    }

    /// The global's name as it is shown.
    pub(super) fn called(&mut self, place: u32) -> String {
        match self.globals.get(place) {
            Some(global) => format!("{}.{}", global.module, global.name),
            None => "?".to_owned(),
        }
    }

    /// A global that was reported is now called: the finding says with what.
    fn tell(&mut self, place: u32, arguments: Value) {
        let what = format!("calls {}{}", self.called(place), self.show(arguments, 1));
        let Some(global) = self.globals.get(place) else { return };
        let known = global.finding;
        let embedded = global.module == EMBEDDED;
        if embedded {
            self.say(&rules::EMBEDDED_CALL, "calls a function made of code in the file".to_owned());
        } else if let Some(finding) = known.and_then(|index| self.findings.get_mut(index)) {
            finding.what = what;
            finding.offset = self.at;
        }
    }

    /// Adds a finding unless the same was said before, or too much was.
    pub(super) fn say(&mut self, rule: &'static Rule, what: String) -> Option<usize> {
        let key = (rule.name, what);
        if let Some(index) = self.said.get(&key) {
            return Some(*index);
        }
        if self.findings.len() >= MOST_FINDINGS
            && self.findings.iter().any(|one| one.rule.severity >= rule.severity)
        {
            return None;
        }
        let index = self.findings.len();
        self.findings.push(Finding::new(rule, self.at, key.1.clone()));
        self.said.insert(key, index);
        Some(index)
    }

    /// Arguments as they are shown.
    fn show(&mut self, value: Value, depth: usize) -> String {
        match value {
            Value::Int(number) => number.to_string(),
            Value::Text(handle) => match self.texts.get(handle) {
                Some(text) => format!("\"{}\"", shown(text, 120)),
                None => "…".to_owned(),
            },
            Value::Tuple(handle) => {
                let values = self.tuples.get(handle).map(<[Value]>::to_vec);
                match values {
                    Some(values) if depth < 4 => {
                        let parts: Vec<_> =
                            values.into_iter().map(|one| self.show(one, depth + 1)).collect();
                        format!("({})", parts.join(", "))
                    }
                    _ => "(…)".to_owned(),
                }
            }
            Value::Global(place) | Value::Partial(place) => self.called(place),
            Value::Data(Kind::Tuple) => "(…)".to_owned(),
            _ => "…".to_owned(),
        }
    }
}

const MOST_FINDINGS: usize = 200;
const EMBEDDED: &str = "<code>";
