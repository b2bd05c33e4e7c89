import type { ProviderRecord } from './provider-record.ts'

/** Works in the worker itself: nobody connects to it, and nobody receives anything. */
export const builtin: ProviderRecord = {
  id: 'builtin',
  driver: 'builtin',
  title: 'Built-in renderer',
  processor: { name: '', country: '', safeguard: 'own_machine' },
  keeps: {
    says: 'Nothing leaves this server.',
    days: 0,
    trains: 'no',
    deletes: 'everything',
  },
  limits: { submitsPer10s: 1000, pollsPerSecond: 1000, inFlight: 100_000 },
}

/*
 * Names and countries stand here only where they are certain; where they depend on the operator's own contract, or are not
 * published, he fills them in. No safeguard is ever assumed for anybody elsewhere.
 */

const kie: ProviderRecord = {
  id: 'kie',
  driver: 'kie',
  title: 'KIE',
  processor: { name: '', country: '', safeguard: null },
  keeps: {
    says: 'Uploaded files for one to three days, videos for two weeks, records of jobs with their prompts for two months.',
    days: 62,
    trains: 'unknown',
    deletes: 'nothing',
    source: 'https://docs.kie.ai',
  },
  limits: { submitsPer10s: 20, pollsPerSecond: 10, inFlight: 20 },
}

const fal: ProviderRecord = {
  id: 'fal',
  driver: 'fal',
  title: 'fal',
  // fal.ai/terms
  processor: { name: 'Features & Labels, Inc.', country: 'US', safeguard: null },
  keeps: {
    says: 'Files for as long as this connection is set to, one hour as it comes. With its history switched on, prompts and answers for 30 days.',
    days: 30,
    trains: 'unknown',
    deletes: 'partly',
  },
  limits: { submitsPer10s: 10, pollsPerSecond: 5, inFlight: 10 },
}

/** Which of Google's companies is the processor, the customer's own country decides. */
const google: ProviderRecord = {
  id: 'google',
  driver: 'google',
  title: 'Google Gemini API',
  processor: { name: '', country: '', safeguard: null },
  keeps: {
    says: 'Prompts, files and videos for 55 days to look for abuse. Whether Google may improve its products with them depends on the account: not where it is paid for.',
    days: 55,
    trains: 'unknown',
    deletes: 'partly',
    source: 'https://ai.google.dev/gemini-api/docs/usage-policies',
  },
  limits: { submitsPer10s: 5, pollsPerSecond: 2, inFlight: 10 },
}

const vertex: ProviderRecord = {
  id: 'vertex',
  driver: 'vertex',
  title: 'Google Vertex AI',
  processor: { name: '', country: '', safeguard: null },
  keeps: {
    says: 'Prompts, files and videos while the job can be asked about, and for a time to look for abuse. Nothing is trained with them without the customer’s permission.',
    days: null,
    trains: 'no',
    deletes: 'nothing',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/docs/data-governance',
  },
  limits: { submitsPer10s: 5, pollsPerSecond: 2, inFlight: 10 },
}

const ark: ProviderRecord = {
  id: 'ark',
  driver: 'ark',
  title: 'BytePlus ModelArk',
  processor: { name: 'Byteplus Pte. Ltd.', country: 'SG', safeguard: null },
  keeps: {
    says: 'Videos for one day, records of jobs with prompts and files for a week. Its machines stand in Malaysia and Indonesia.',
    days: 7,
    trains: 'unknown',
    deletes: 'partly',
    source: 'https://docs.byteplus.com/en/docs/ModelArk/BytePlus_ModelArk_Data_Processing',
  },
  limits: { submitsPer10s: 10, pollsPerSecond: 5, inFlight: 20 },
}

const openrouter: ProviderRecord = {
  id: 'openrouter',
  driver: 'openai-videos',
  title: 'OpenRouter',
  prefilled: { addresses: { api: 'https://openrouter.ai/api/v1' }, settings: { style: 'openrouter' } },
  processor: { name: 'OpenRouter, Inc.', country: 'US', safeguard: null },
  keeps: {
    says: 'Itself no prompts and files unless its logging is switched on. It hands them to whoever runs the model, who keeps them by terms of his own.',
    days: null,
    trains: 'unknown',
    deletes: 'nothing',
    source: 'https://openrouter.ai/docs/guides/privacy/data-collection',
  },
  limits: { submitsPer10s: 5, pollsPerSecond: 2, inFlight: 2 },
}

const comfyui: ProviderRecord = {
  id: 'comfyui',
  driver: 'comfyui',
  title: 'ComfyUI',
  processor: { name: '', country: '', safeguard: 'own_machine' },
  keeps: {
    says: 'Nothing leaves the operator’s own machine. Files and history there are erased with the creation.',
    days: null,
    trains: 'no',
    // Files that a workflow writes without telling stay.
    deletes: 'partly',
  },
  limits: { submitsPer10s: 5, pollsPerSecond: 2, inFlight: 1 },
}

const openaiVideos: ProviderRecord = {
  id: 'openai-videos',
  driver: 'openai-videos',
  title: 'Self-hosted server (OpenAI-compatible)',
  processor: { name: '', country: '', safeguard: 'own_machine' },
  keeps: {
    says: 'Nothing leaves the operator’s own machine. Jobs there are erased with the creation where its program offers to.',
    days: null,
    trains: 'no',
    deletes: 'partly',
  },
  limits: { submitsPer10s: 5, pollsPerSecond: 2, inFlight: 2 },
}

/** Everybody that is known before anybody connects to them, in the order in which the console shows them. */
export const shippedProviders: readonly ProviderRecord[] = [
  builtin,
  kie,
  fal,
  google,
  vertex,
  ark,
  comfyui,
  openaiVideos,
  openrouter,
]
