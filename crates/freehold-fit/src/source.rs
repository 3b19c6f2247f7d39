//! Where the check's facts come from, each with the day it was read and the day to read it again.

use serde::Serialize;

/// How a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The text itself, or a copy of it.
    Read,
    /// What others report of it; the text itself was not to be had. Not confirmed.
    Reported,
    /// Nobody's finding but ours.
    Judgement,
}

impl Standing {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Reported => "not confirmed: read second hand",
            Self::Judgement => "our own judgement, not measured",
        }
    }
}

/// One source.
#[derive(Debug, Serialize)]
pub struct Source {
    /// Its name in the tables of questions and gates.
    pub id: &'static str,
    /// Its name for tables.
    pub short: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Where it is published; empty for our own judgement.
    pub url: &'static str,
    /// What it says to the matter, in our words.
    pub says: &'static str,
    /// Where and how it was read.
    pub read_at: &'static str,
    /// How.
    pub standing: Standing,
    /// The day it was read (`YYYY-MM-DD`).
    pub seen: &'static str,
    /// The day to read it again (`YYYY-MM-DD`).
    pub recheck: &'static str,
}

impl Source {
    /// Whether it is to be read again by this day (`YYYY-MM-DD`, which sorts as days do).
    pub fn is_stale(&self, today: &str) -> bool {
        self.recheck < today
    }
}

/// The source of this name.
pub fn source(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.id == id)
}

/// All sources.
pub static SOURCES: &[Source] = &[
    Source {
        id: "owasp-llm06",
        short: "OWASP LLM06:2025",
        title: "OWASP Top 10 for LLM Applications 2025, LLM06 Excessive Agency",
        url: "https://genai.owasp.org/llmrisk/llm062025-excessive-agency/",
        says: "Grant a model's tools the least they need, authorize in the systems that are called rather \
               than by the model, have people approve high-impact actions; logging limits the damage.",
        read_at: "github.com/OWASP/www-project-top-10-for-large-language-model-applications at 029a5d6",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "owasp-llm05",
        short: "OWASP LLM05:2025",
        title: "OWASP Top 10 for LLM Applications 2025, LLM05 Improper Output Handling",
        url: "https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
        says: "Treat a model's output as untrusted input: check and encode it before anything acts on it, \
               and monitor it.",
        read_at: "the project's repository at 7e7a866 (Russian), and English copies of the first section",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "nist-600-1",
        short: "NIST AI 600-1",
        title: "NIST AI 600-1, Generative AI Profile of the AI Risk Management Framework, July 2024",
        url: "https://doi.org/10.6028/NIST.AI.600-1",
        says: "Actions to govern, map, measure and manage twelve risks of generative AI, among them \
               information security, data privacy and the value chain.",
        read_at: "aigovernance.com/entry/nist-ai-600-1-generative-ai-profile",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "ai-act-12",
        short: "EU AI Act Art. 12",
        title: "Regulation (EU) 2024/1689 (AI Act), Article 12, record-keeping",
        url: "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
        says: "High-risk systems must technically allow events to be recorded automatically over their \
               lifetime. As amended by Regulation (EU) 2026/1744 (Digital Omnibus), this is said to apply \
               from 2 December 2027 to systems of Annex III.",
        read_at: "powerquant.dk/en/logging-article-12; github.com/Cygnux-Labs/Tracekit/wiki for the dates",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "ai-act-26",
        short: "EU AI Act Art. 26",
        title: "Regulation (EU) 2024/1689 (AI Act), Article 26, obligations of deployers",
        url: "https://eur-lex.europa.eu/eli/reg/2024/1689/oj",
        says: "Who deploys a high-risk system keeps the logs that it makes, as far as they are under their \
               control, for at least six months, and has competent people oversee it. As amended by \
               Regulation (EU) 2026/1744 (Digital Omnibus), this is said to apply from 2 December 2027 to \
               systems of Annex III.",
        read_at: "govcompass.ai/responsible-ai/art-26-6-log-retentie, which quotes Article 26(6); \
                  deepinspect.ai/blog/eu-ai-act-omnibus-adopted-high-risk-deadline-deferred-december-2027 \
                  for the date",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "gdpr-28",
        short: "GDPR Art. 28",
        title: "Regulation (EU) 2016/679 (GDPR), Article 28, processors",
        url: "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        says: "A controller uses only processors that give sufficient guarantees, under a contract.",
        read_at: "copies of Article 28(1) in public repositories that agree word for word",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "gdpr-44",
        short: "GDPR Art. 44",
        title: "Regulation (EU) 2016/679 (GDPR), Article 44, transfers to third countries",
        url: "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
        says: "Personal data go to a third country only under the conditions of chapter V, so that their \
               protection is not undermined; onward transfers included.",
        read_at: "gdprhub.eu/index.php?title=Article_44_GDPR, which gives the text",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "schrems-2",
        short: "CJEU C-311/18",
        title: "Court of Justice of the EU, C-311/18 (Schrems II), 16 July 2020",
        url: "https://curia.europa.eu/juris/liste.jsf?num=C-311/18",
        says: "Struck down the Privacy Shield; who relies on standard clauses has to judge whether the \
               law of the destination protects data equally well.",
        read_at: "summaries in public repositories on data protection",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "edpb-01-2020",
        short: "EDPB 01/2020",
        title: "EDPB Recommendations 01/2020 on supplementary measures, version 2.0, 18 June 2021",
        url: "https://www.edpb.europa.eu/our-work-tools/our-documents/recommendations/recommendations-012020-measures-supplement-transfer_en",
        says: "Where the processor abroad needs the data in the clear, as a model does, encryption alone is \
               not a sufficient measure.",
        read_at: "summaries of Annex 2 in public repositories on data protection",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "cloud-act",
        short: "18 U.S.C. 2713",
        title: "18 U.S.C. § 2713 (CLOUD Act, 2018)",
        url: "https://www.law.cornell.edu/uscode/text/18/2713",
        says: "A provider must disclose what it possesses or controls, whether that is inside or outside \
               the United States.",
        read_at: "jdsupra.com/legalnews/the-cloud-act-congress-passes-new-bill-32767, which quotes it",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "hipaa-cloud",
        short: "HHS on HIPAA and cloud",
        title: "HHS, Guidance on HIPAA and Cloud Computing, 2016",
        url: "https://www.hhs.gov/hipaa/for-professionals/special-topics/health-information-technology/cloud-computing/index.html",
        says: "A cloud provider that holds electronic health information is a business associate and needs \
               an agreement as such, even where it holds ciphertext without the key.",
        read_at: "crowell.com and hoganlovells.com on the guidance of October 2016",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "openai-data",
        short: "OpenAI, data controls",
        title: "OpenAI, Data controls in the platform",
        url: "https://developers.openai.com/api/docs/guides/your-data",
        says: "Abuse monitoring logs may hold prompts and answers and are kept for up to 30 days by \
               default; zero retention needs approval.",
        read_at: "archive.fo/xXsg7 (25 November 2025)",
        standing: Standing::Read,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "openai-deprecations",
        short: "OpenAI, deprecations",
        title: "OpenAI, Deprecations",
        url: "https://developers.openai.com/api/docs/deprecations",
        says: "Generally available models are retired with at least six months' notice, specialised \
               variants with three, previews with as little as two weeks.",
        read_at: "the page itself",
        standing: Standing::Read,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "openai-tuning",
        short: "OpenAI, fine-tuning",
        title: "OpenAI, Deprecations: self-serve fine-tuning, notice of 7 May 2026",
        url: "https://developers.openai.com/api/docs/deprecations",
        says: "Organisations that had not tuned before cannot begin; those that had can make no new jobs \
               from 6 January 2027; tuned models run on until their base model is retired.",
        read_at: "the notice's beginning on the page; the dates in public repositories that quote it",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "vllm-mooncake",
        short: "CVE-2025-32444",
        title: "GHSA-hj4w-hm2g-p6w5 (CVE-2025-32444), vLLM with Mooncake, 29 April 2025",
        url: "https://github.com/vllm-project/vllm/security/advisories/GHSA-hj4w-hm2g-p6w5",
        says: "Programs could be run from the network through vLLM 0.6.5 to 0.8.4 with the Mooncake \
               integration; critical. Without that integration it was not vulnerable.",
        read_at: "GitHub's advisory database, GHSA-hj4w-hm2g-p6w5.json",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "swe-bench-pro",
        short: "SWE-Bench Pro",
        title: "SWE-Bench Pro, scores as published",
        url: "https://www.anthropic.com/news/claude-opus-4-8",
        says: "Claude Opus 4.8 (proprietary) 69.2 as its vendor says, 28 May 2026; the best open weights \
               listed, Ornith 1.0 397B, 62.2 as its publisher says, 25 June 2026.",
        read_at: "models.dev at f3fc692, 2 July 2026 (MIT), which names both pages",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "swe-atlas",
        short: "SWE-Atlas",
        title: "SWE-Atlas Codebase QnA, scores as published by Artificial Analysis",
        url: "https://artificialanalysis.ai/agents/coding-agents",
        says: "Claude Opus 4.7 (proprietary) 81.0; the best open weights listed, GLM-5.1, 73.2; both in \
               the same harness.",
        read_at: "models.dev at f3fc692, 2 July 2026 (MIT)",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "swe-bench-verified",
        short: "SWE-bench Verified",
        title: "SWE-bench Verified, scores as published",
        url: "https://huggingface.co/deepseek-ai/DeepSeek-V4-Pro",
        says: "DeepSeek V4 Pro (open weights) 80.6 as its publisher says, 24 April 2026: on single \
               repairs of code open weights stand near the top.",
        read_at: "models.dev at f3fc692, 2 July 2026 (MIT)",
        standing: Standing::Reported,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "routellm",
        short: "RouteLLM",
        title: "RouteLLM: Learning to Route LLMs with Preference Data (arXiv 2406.18665)",
        url: "https://github.com/lm-sys/RouteLLM",
        says: "On MT Bench up to 85 % of the cost saved at 95 % of GPT-4's quality; what a router saves \
               differs by task and pair of models.",
        read_at: "the repository's README at 03b2101",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "prices",
        short: "genai-prices",
        title: "Hosted list prices, pydantic/genai-prices (MIT)",
        url: "https://github.com/pydantic/genai-prices",
        says: "Claude Sonnet 4.6: 3 US dollars a million tokens in, 15 out. Llama 3.3 70B at Together: \
               0.88 in and out.",
        read_at: "the repository at 47df840, 21 August 2026",
        standing: Standing::Read,
        seen: SEEN,
        recheck: QUARTERLY,
    },
    Source {
        id: "llama-licence",
        short: "Llama licences",
        title: "Meta's Llama community licences (Llama 2 to 4)",
        url: "https://github.com/meta-llama/llama-models",
        says: "Who has more than 700 million monthly users when a version is released needs a licence of \
               its own from Meta.",
        read_at: "copies of the licence texts in public repositories",
        standing: Standing::Read,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "llama-policy",
        short: "Llama 3.2 policy",
        title: "Llama 3.2 Acceptable Use Policy",
        url: "https://github.com/meta-llama/llama-models/blob/main/models/llama3_2/USE_POLICY.md",
        says: "The rights to multimodal models are not granted to who lives or has their principal place \
               of business in the European Union.",
        read_at: "copies of the policy in public repositories",
        standing: Standing::Read,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
    Source {
        id: "apache",
        short: "Apache 2.0",
        title: "Apache License 2.0, section 2",
        url: "https://www.apache.org/licenses/LICENSE-2.0",
        says: "A perpetual, irrevocable licence to use, change and pass on; many open weights come under it.",
        read_at: "the text, in this repository's LICENSE",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "sensitivity",
        short: "Triantaphyllou, Sánchez 1997",
        title: "Triantaphyllou, Sánchez: A Sensitivity Analysis Approach for Some Deterministic \
                Multi-Criteria Decision-Making Methods. Decision Sciences 28(1), 1997, 151-194",
        url: "http://www.csc.lsu.edu/trianta/Journal_PAPERS1/SENSIT1.htm",
        says: "How far a weight has to change until the ranking of a weighted sum changes.",
        read_at: "the abstract at the authors' page",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "smaa",
        short: "SMAA-2, 2001",
        title: "Lahdelma, Salminen: SMAA-2. Operations Research 49(3), 2001, 444-454",
        url: "http://sal.aalto.fi/publications/abstracts/plah01.html",
        says: "Explores the space of weights and says for which share of it each alternative comes first.",
        read_at: "the abstract",
        standing: Standing::Read,
        seen: SEEN,
        recheck: YEARLY,
    },
    Source {
        id: "freehold",
        short: "our own judgement",
        title: "Freehold's own judgement",
        url: "",
        says: "Nobody measured this; it is what operators told each other and what seemed right to us.",
        read_at: "this program",
        standing: Standing::Judgement,
        seen: SEEN,
        recheck: HALF_YEARLY,
    },
];

const SEEN: &str = "2026-11-23";
/// For prices, scores and what vendors offer.
const QUARTERLY: &str = "2027-02-23";
/// For laws that are changing, and licences.
const HALF_YEARLY: &str = "2027-05-23";
/// For what stands.
const YEARLY: &str = "2027-11-23";
