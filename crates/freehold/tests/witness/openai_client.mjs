// Asks a running Freehold what its users ask, with OpenAI's own client for JavaScript.
//
// Usage: node openai_client.mjs BASE_URL API_KEY CHAT_MODEL [EMBEDDING_MODEL [TOOL_MODEL]]
//
// One line per check; exit code 1 if one fails. The client is found through FREEHOLD_NODE_MODULES,
// or beside this file.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [baseURL, apiKey, model, embeddingModel, toolModel = model] = process.argv.slice(2);
const home = process.env.FREEHOLD_NODE_MODULES ?? path.join(import.meta.dirname, "node_modules");
const require = createRequire(path.join(home, "found-from-here.js"));
const { default: OpenAI } = await import(pathToFileURL(require.resolve("openai")).href);

// One attempt: what is looked at is the server's own answer.
const options = { baseURL, maxRetries: 0, timeout: 120_000 };
const client = new OpenAI({ apiKey, ...options });
const messages = [{ role: "user", content: "Please send my invoice again, I lost it." }];
const ask = (more = {}) =>
  client.chat.completions.create({ model, messages, max_tokens: 32, temperature: 0, ...more });
const tool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather in a city now.",
    parameters: {
      type: "object",
      properties: { city: { type: "string", enum: ["Oslo", "Rome"] } },
      required: ["city"],
      additionalProperties: false,
    },
  },
};

const checks = {
  async answer() {
    const { data, response } = await ask().withResponse();
    assert.equal(data.object, "chat.completion");
    assert.equal(data.choices[0].message.role, "assistant");
    assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
    assert.equal(response.headers.get("x-freehold-record").length, 26);
    assert.equal(data._request_id, response.headers.get("x-freehold-record"));
  },

  async stream() {
    let text = "";
    let finish = null;
    for await (const chunk of await ask({ stream: true })) {
      for (const choice of chunk.choices) {
        text += choice.delta.content ?? "";
        finish = choice.finish_reason ?? finish;
      }
    }
    assert.ok(["stop", "length"].includes(finish), finish);
    assert.equal(text, (await ask()).choices[0].message.content);
  },

  async streamAbandoned() {
    const stream = await ask({ stream: true, max_tokens: 512 });
    for await (const chunk of stream) {
      assert.equal(chunk.object, "chat.completion.chunk");
      break;
    }
    assert.ok((await ask({ max_tokens: 2 })).choices.length);
  },

  async streamHelper() {
    const stream = client.chat.completions.stream({ model, messages, max_tokens: 32, temperature: 0 });
    assert.ok((await stream.finalContent()).length > 0);
  },

  async tools() {
    const answer = await ask({ model: toolModel, tools: [tool], tool_choice: "required", max_tokens: 200 });
    const call = answer.choices[0].message.tool_calls[0];
    assert.equal(answer.choices[0].finish_reason, "tool_calls");
    assert.equal(call.function.name, "get_weather");
    assert.ok(["Oslo", "Rome"].includes(JSON.parse(call.function.arguments).city));
  },

  async structured() {
    const schema = {
      type: "object",
      properties: {
        category: { type: "string", enum: ["billing", "technical", "other"] },
        urgent: { type: "boolean" },
      },
      required: ["category", "urgent"],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.parse({
      model,
      messages,
      max_tokens: 64,
      temperature: 0,
      response_format: { type: "json_schema", json_schema: { name: "triage", strict: true, schema } },
    });
    const said = JSON.parse(answer.choices[0].message.content);
    assert.ok(["billing", "technical", "other"].includes(said.category), said);
    assert.equal(typeof said.urgent, "boolean");
  },

  async models() {
    const names = [];
    for await (const entry of client.models.list()) names.push(entry.id);
    assert.ok(names.includes(model), names);
    assert.equal((await client.models.retrieve(model)).id, model);
  },

  async errors() {
    const stranger = new OpenAI({ apiKey: "fh_" + "0".repeat(51), ...options });
    await assert.rejects(stranger.models.list(), (error) => {
      assert.ok(error instanceof OpenAI.AuthenticationError, error);
      return error.code === "invalid_api_key";
    });
    await assert.rejects(ask({ model: "no-such-model" }), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError, error);
      return error.code === "model_not_found" && error.param === "model";
    });
    await assert.rejects(ask({ messages: "not messages" }), OpenAI.BadRequestError);
  },
};

if (embeddingModel) {
  checks.embeddings = async () => {
    const input = ["a short text", "another"];
    const answer = await client.embeddings.create({ model: embeddingModel, input });
    assert.deepEqual(answer.data.map((entry) => entry.index), [0, 1]);
    assert.ok(answer.data[0].embedding.length > 0);
  };
}

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.name}: ${error.message}`);
  }
}
process.exit(failed ? 1 : 0);
