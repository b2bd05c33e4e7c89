/**
 * What a ComfyUI says of its nodes (`/object_info`), for the nodes of the shipped workflows, and how it checks a graph against
 * it (`validate_prompt` in `execution.py`): the same kinds of error, in the same shape.
 */

type Spec = [unknown, Record<string, unknown>?]
export interface NodeInfo {
  input: { required: Record<string, Spec>; optional?: Record<string, Spec> }
  output: string[]
  output_node: boolean
  name: string
}

const int = (min = 0, max = 16384): Spec => ['INT', { default: min, min, max }]
const float: Spec = ['FLOAT', { default: 1, min: 0, max: 100 }]
const text: Spec = ['STRING', { multiline: true }]
const of = (type: string): Spec => [type, {}]

function nodeInfo(
  name: string,
  required: Record<string, Spec>,
  output: string[],
  optional?: Record<string, Spec>,
): [string, NodeInfo] {
  const input = optional ? { required, optional } : { required }
  return [name, { name, input, output, output_node: name === 'SaveVideo' }]
}

const unets = ['t2v_high_noise', 't2v_low_noise', 'i2v_high_noise', 'i2v_low_noise'].map(
  (kind) => `wan2.2_${kind}_14B_fp8_scaled.safetensors`,
)

/** Choices in both spellings: `[[…], {}]`, and `["COMBO", {options}]` of newer nodes. */
export function objectInfoFixture(): Record<string, NodeInfo> {
  const sampling = {
    model: of('MODEL'),
    add_noise: [['enable', 'disable']] as Spec,
    noise_seed: int(0, 2 ** 53),
    steps: int(1, 10_000),
    cfg: float,
    sampler_name: [['euler', 'uni_pc'], {}] as Spec,
    scheduler: [['simple', 'normal'], {}] as Spec,
    positive: of('CONDITIONING'),
    negative: of('CONDITIONING'),
    latent_image: of('LATENT'),
    start_at_step: int(0, 10_000),
    end_at_step: int(0, 10_000),
    return_with_leftover_noise: [['disable', 'enable']] as Spec,
  }
  const size = { width: int(16), height: int(16), length: int(1), batch_size: int(1, 4096) }
  const wan = { positive: of('CONDITIONING'), negative: of('CONDITIONING'), vae: of('VAE'), ...size }
  return Object.fromEntries([
    nodeInfo(
      'CLIPLoader',
      {
        clip_name: [['umt5_xxl_fp8_e4m3fn_scaled.safetensors'], {}],
        type: [['wan', 'sd3'], {}],
      },
      ['CLIP'],
      { device: [['default', 'cpu'], { advanced: true }] },
    ),
    nodeInfo('VAELoader', { vae_name: [['wan_2.1_vae.safetensors'], {}] }, ['VAE']),
    nodeInfo('UNETLoader', { unet_name: [unets, {}], weight_dtype: [['default', 'fp8_e4m3fn_fast'], {}] }, [
      'MODEL',
    ]),
    nodeInfo('ModelSamplingSD3', { model: of('MODEL'), shift: float }, ['MODEL']),
    nodeInfo('CLIPTextEncode', { text, clip: of('CLIP') }, ['CONDITIONING']),
    nodeInfo('EmptyHunyuanLatentVideo', size, ['LATENT']),
    nodeInfo('WanImageToVideo', wan, ['CONDITIONING', 'CONDITIONING', 'LATENT'], {
      start_image: of('IMAGE'),
    }),
    nodeInfo('LoadImage', { image: [['example.png'], { image_upload: true }] }, ['IMAGE', 'MASK']),
    nodeInfo('KSamplerAdvanced', sampling, ['LATENT']),
    nodeInfo('VAEDecode', { samples: of('LATENT'), vae: of('VAE') }, ['IMAGE']),
    nodeInfo('CreateVideo', { images: of('IMAGE'), fps: float }, ['VIDEO'], { audio: of('AUDIO') }),
    nodeInfo(
      'SaveVideo',
      {
        video: of('VIDEO'),
        filename_prefix: ['STRING', { default: 'video/ComfyUI' }],
        format: ['COMBO', { options: ['auto', 'mp4'] }],
        codec: ['COMBO', { options: ['auto', 'h264'] }],
      },
      [],
    ),
  ])
}

export interface GraphError {
  error: { type: string; message: string; details: string; extra_info: Record<string, unknown> }
  node_errors: Record<string, unknown>
}

type Graph = Record<string, { class_type?: string; inputs?: Record<string, unknown> }>

/** `hasFile` answers whether an uploaded picture is there: `LoadImage` looks itself. */
export function graphErrors(
  graph: unknown,
  infos: Record<string, NodeInfo>,
  hasFile: (name: string) => boolean,
): GraphError | undefined {
  if (typeof graph !== 'object' || graph === null) return broken('invalid_prompt', 'Cannot execute')
  const nodes = Object.entries(graph as Graph)
  for (const [id, { class_type = '' }] of nodes)
    if (!infos[class_type])
      return broken('missing_node_type', `Node '${class_type}' not found.`, { node_id: id, class_type })
  if (!nodes.some(([, node]) => infos[node.class_type ?? '']?.output_node))
    return broken('prompt_no_outputs', 'Prompt has no outputs')
  const node_errors: Record<string, unknown> = {}
  for (const [id, node] of nodes) {
    const errors = inputErrors(node, infos, graph as Graph, hasFile)
    if (errors.length > 0)
      node_errors[id] = { errors, dependent_outputs: ['61'], class_type: node.class_type }
  }
  if (Object.keys(node_errors).length === 0) return undefined
  return { ...broken('prompt_outputs_failed_validation', 'Prompt outputs failed validation'), node_errors }
}

function broken(type: string, message: string, extra_info: Record<string, unknown> = {}): GraphError {
  return { error: { type, message, details: '', extra_info }, node_errors: {} }
}

function inputErrors(
  { class_type = '', inputs = {} }: Graph[string],
  infos: Record<string, NodeInfo>,
  graph: Graph,
  hasFile: (name: string) => boolean,
) {
  const errors: { type: string; message: string; details: string; extra_info: { input_name: string } }[] = []
  const { required = {}, optional = {} } = infos[class_type]?.input ?? {}
  for (const [name, [type, more = {}]] of Object.entries({ ...required, ...optional })) {
    const value = inputs[name]
    const add = (kind: string) =>
      errors.push({
        type: kind,
        message: kind,
        details: `${name}: '${String(value)}'`,
        extra_info: { input_name: name },
      })
    if (value === undefined) {
      if (name in required) add('required_input_missing')
      continue
    }
    const choices = Array.isArray(type) ? type : type === 'COMBO' ? (more.options as unknown[]) : undefined
    if (Array.isArray(value)) {
      const [from, index] = value
      const output = infos[graph[String(from)]?.class_type ?? '']?.output[Number(index)]
      if (output !== type) add('return_type_mismatch')
    } else if (class_type === 'LoadImage' && name === 'image') {
      if (!hasFile(String(value))) add('custom_validation_failed')
    } else if (choices) {
      if (!choices.includes(value)) add('value_not_in_list')
    } else if (type === 'INT' || type === 'FLOAT') {
      if (typeof value !== 'number' || (type === 'INT' && !Number.isInteger(value))) add('invalid_input_type')
      else if (value > Number(more.max)) add('value_bigger_than_max')
      else if (value < Number(more.min)) add('value_smaller_than_min')
    } else if (type === 'STRING') {
      if (typeof value !== 'string') add('invalid_input_type')
    } else add('bad_linked_input')
  }
  return errors
}
