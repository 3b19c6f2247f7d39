"""Asks a running Freehold everything its users ask, with OpenAI's own client.

Usage: openai_client.py BASE_URL API_KEY CHAT_MODEL [EMBEDDING_MODEL [TOOL_MODEL]]

One line per check; exit code 1 if one fails. What is checked is the protocol as the official client
reads it, not how good the model is.
"""

import asyncio
import json
import sys
from typing import Literal

import openai
from pydantic import BaseModel

BASE_URL, API_KEY, MODEL = sys.argv[1:4]
EMBEDDING_MODEL = sys.argv[4] if len(sys.argv) > 4 else None
TOOL_MODEL = sys.argv[5] if len(sys.argv) > 5 else MODEL
QUESTION = [{"role": "user", "content": "Please send my invoice again, I lost it."}]
# One attempt: what is looked at is the server's own answer.
OPTIONS = {"base_url": BASE_URL, "max_retries": 0, "timeout": 120}
client = openai.OpenAI(api_key=API_KEY, **OPTIONS)

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather in a city now.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "enum": ["Oslo", "Rome"]}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}


class Triage(BaseModel):
    category: Literal["billing", "technical", "other"]
    urgent: bool


def ask(**more):
    return client.chat.completions.create(
        **{"model": MODEL, "messages": QUESTION, "max_tokens": 32, "temperature": 0} | more
    )


def sync_answer():
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=QUESTION, max_tokens=32, temperature=0
    )
    answer = raw.parse()
    assert answer.object == "chat.completion", answer
    assert answer.choices[0].message.role == "assistant", answer
    assert answer.choices[0].finish_reason in ("stop", "length"), answer
    assert answer.choices[0].logprobs is None, "nobody asked for them"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert len(raw.headers["x-freehold-record"]) == 26, raw.headers
    assert answer._request_id == raw.headers["x-freehold-record"], answer._request_id


def seeds_repeat():
    first = ask(seed=7, temperature=1, max_tokens=12).choices[0].message.content
    assert ask(seed=7, temperature=1, max_tokens=12).choices[0].message.content == first


def logprobs():
    tokens = ask(logprobs=True, top_logprobs=2, max_tokens=4).choices[0].logprobs.content
    assert tokens and all(token.logprob <= 1e-6 for token in tokens), tokens
    assert len(tokens[0].top_logprobs) == 2, tokens


def stream():
    text, finish, usage = "", None, None
    with ask(stream=True, stream_options={"include_usage": True}) as chunks:
        for chunk in chunks:
            assert chunk.object == "chat.completion.chunk", chunk
            usage = chunk.usage or usage
            for choice in chunk.choices:
                text += choice.delta.content or ""
                finish = choice.finish_reason or finish
    assert finish in ("stop", "length"), finish
    assert usage.completion_tokens > 0, usage
    assert text == ask().choices[0].message.content, text


def stream_abandoned():
    with ask(stream=True, max_tokens=512) as chunks:
        next(iter(chunks))
    assert ask(max_tokens=2).choices, "the next request is answered"


def stream_helper():
    with client.chat.completions.stream(
        model=MODEL, messages=QUESTION, max_tokens=32, temperature=0
    ) as events:
        kinds = {event.type for event in events}
        final = events.get_final_completion()
    assert "content.delta" in kinds and "content.done" in kinds, kinds
    assert final.choices[0].message.content, final


async def asynchronous():
    async with openai.AsyncOpenAI(api_key=API_KEY, **OPTIONS) as other:
        create = other.chat.completions.create
        more = {"model": MODEL, "messages": QUESTION, "max_tokens": 16, "temperature": 0}
        answers = await asyncio.gather(*(create(**more) for _ in range(4)))
        texts = {answer.choices[0].message.content for answer in answers}
        assert len(texts) == 1, texts
        text = ""
        async for chunk in await create(stream=True, **more):
            text += chunk.choices[0].delta.content or "" if chunk.choices else ""
        assert {text} == texts, (text, texts)


def tools():
    answer = ask(model=TOOL_MODEL, tools=[TOOL], tool_choice="required", max_tokens=200)
    call = answer.choices[0].message.tool_calls[0]
    assert answer.choices[0].finish_reason == "tool_calls", answer
    assert call.function.name == "get_weather", call
    assert json.loads(call.function.arguments)["city"] in ("Oslo", "Rome"), call
    result = {"role": "tool", "tool_call_id": call.id, "content": "4 degrees, rain"}
    messages = QUESTION + [answer.choices[0].message.model_dump(exclude_none=True), result]
    assert ask(model=TOOL_MODEL, messages=messages, tools=[TOOL]).choices[0].message.role == "assistant"


def tools_streamed():
    name, arguments = "", ""
    for chunk in ask(model=TOOL_MODEL, tools=[TOOL], tool_choice="required", max_tokens=200, stream=True):
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""
    assert name == "get_weather", name
    assert json.loads(arguments)["city"] in ("Oslo", "Rome"), arguments


def structured():
    answer = client.chat.completions.parse(
        model=MODEL, messages=QUESTION, response_format=Triage, max_tokens=64, temperature=0
    )
    assert isinstance(answer.choices[0].message.parsed, Triage), answer


def models():
    listed = {model.id: model for model in client.models.list()}
    assert MODEL in listed, listed
    assert client.models.retrieve(MODEL).id == MODEL


def embeddings():
    one = client.embeddings.create(model=EMBEDDING_MODEL, input="a short text")
    both = client.embeddings.create(
        model=EMBEDDING_MODEL, input=["a short text", "another"], encoding_format="float"
    )
    assert [entry.index for entry in both.data] == [0, 1], both
    assert len(one.data[0].embedding) == len(both.data[0].embedding) > 0
    assert both.usage.prompt_tokens > 0, both.usage
    gap = max(abs(a - b) for a, b in zip(one.data[0].embedding, both.data[0].embedding))
    assert gap < 1e-3, f"base-64 and numbers differ by {gap}"


def refused(kind, code, call):
    try:
        call()
    except kind as error:
        assert error.code == code, error
        assert error.body["message"], error
    else:
        raise AssertionError(f"no {kind.__name__}")


def errors():
    stranger = openai.OpenAI(api_key="fh_" + "0" * 51, **OPTIONS)
    say = {"model": MODEL, "messages": QUESTION}
    refused(openai.AuthenticationError, "invalid_api_key", lambda: stranger.models.list())
    refused(
        openai.AuthenticationError,
        "invalid_api_key",
        lambda: stranger.chat.completions.create(**say),
    )
    refused(openai.NotFoundError, "model_not_found", lambda: ask(model="no-such-model"))
    refused(openai.NotFoundError, "model_not_found", lambda: client.models.retrieve("none"))
    try:
        ask(messages="not messages")
    except openai.BadRequestError as error:
        assert error.body["message"], error
    else:
        raise AssertionError("no BadRequestError")


def main():
    checks = [
        sync_answer,
        seeds_repeat,
        logprobs,
        stream,
        stream_abandoned,
        stream_helper,
        lambda: asyncio.run(asynchronous()),
        tools,
        tools_streamed,
        structured,
        models,
        errors,
    ]
    names = [check.__name__ for check in checks]
    names[6] = "asynchronous"
    if EMBEDDING_MODEL:
        checks.append(embeddings)
        names.append("embeddings")
    failed = 0
    for name, check in zip(names, checks):
        try:
            check()
            print(f"ok {name}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)


main()
