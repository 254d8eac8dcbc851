/** Questions to the server: GET under v1/, JSON answers, errors by their code. */
import { readKey } from './key';
import { SourceError } from './source';
import type { ApiError } from './types';

/** Under the page's own address, so that a proxy may put both under any path. */
export function apiAddress(path: string, query: Record<string, string | undefined> = {}): URL {
  const url = new URL(`v1/${path}`, new URL('.', document.baseURI));
  url.hash = '';
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

export function headers(accept: string): Record<string, string> {
  const key = readKey();
  return key === null ? { Accept: accept } : { Accept: accept, Authorization: `Bearer ${key}` };
}

/** What an answer other than 2xx says of itself. */
export async function refusal(answer: Response): Promise<SourceError> {
  let told: Partial<ApiError> = {};
  try {
    told = (await answer.json()) as Partial<ApiError>;
  } catch {
    /* A proxy's own page. */
  }
  const code = told.code ?? (answer.status === 401 ? 'unauthorized' : `http_${answer.status}`);
  const message = told.message ?? `the server answered ${answer.status}`;
  return new SourceError(code, message, told.details?.remedy ?? null, answer.status);
}

/** A server with too much to do, or that still reads the battle, says for how long; it is asked again if that is not long. */
const PATIENCE_S = 3;
const TIMES_MAX = 60;

async function ask(url: URL, accept: string, signal: AbortSignal | null): Promise<Response> {
  let answer = await once(url, accept, signal);
  for (let times = 1; answer.status === 503 && times < TIMES_MAX; times++) {
    const later = Number(answer.headers.get('Retry-After') ?? 'NaN');
    if (!(later <= PATIENCE_S)) break;
    await new Promise((resolve) => setTimeout(resolve, later * 1000));
    signal?.throwIfAborted();
    answer = await once(url, accept, signal);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

async function once(url: URL, accept: string, signal: AbortSignal | null): Promise<Response> {
  try {
    return await fetch(url, { headers: headers(accept), cache: 'no-store', signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceError('offline', 'the server does not answer');
  }
}

export async function askJson<T>(url: URL, signal: AbortSignal | null = null): Promise<T> {
  return (await (await ask(url, 'application/json', signal)).json()) as T;
}

export async function askBytes(url: URL, signal: AbortSignal | null = null): Promise<ArrayBuffer> {
  return (await ask(url, 'application/octet-stream', signal)).arrayBuffer();
}
