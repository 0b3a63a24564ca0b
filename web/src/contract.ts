// The HTTP contract as types: what the server sends and what this page asks for. Field names are fixed by the server.

export type Kind =
  | 'lag'
  | 'forordning'
  | 'foreskrift'
  | 'allmanna_rad'
  | 'handbok'
  | 'riktlinje'
  | 'rutin'
  | 'rattsfall'
  | 'beslut'
  | 'rapport'
  | 'ovrigt';

export interface DocumentCard {
  id: string;
  title: string;
  kind: Kind;
  issuer: string;
  /** First day in force, YYYY-MM-DD. */
  valid_from?: string | null;
  /** First day no longer in force. */
  valid_to?: string | null;
  /** How it stands on the day that was asked about. */
  status: 'in_force' | 'repealed' | 'future';
  /** True for a demonstration text about an invented municipality. */
  invented?: boolean;
}

/** A place in a document, as answers and passages share it. */
interface Place {
  passage_id: string;
  document: DocumentCard;
  reference: string;
  heading_path: string[];
  page?: number | null;
  /** Page of the server where the passage stands marked. */
  url: string;
}

export interface Source extends Place {
  /** Verbatim substring of the passage. */
  quote: string;
}

export interface Neighbour {
  passage_id: string;
  reference: string;
  text: string;
}

export interface Passage extends Place {
  text: string;
  before?: Neighbour[];
  after?: Neighbour[];
}

export interface Sentence {
  text: string;
  kind: 'quote' | 'summary';
  support: 'verbatim' | 'verified';
  /** Indexes into the sources of the same reply. */
  citations: number[];
}

export interface Notice {
  code: string;
  text: string;
}

export interface AskReply {
  /** Names this answer in feedback; says nothing about the question. */
  answer_id?: string;
  status: 'answered' | 'no_support' | 'refused';
  sentences: Sentence[];
  sources: Source[];
  nearest: Source[];
  notices: Notice[];
  dropped_sentences: number;
  as_of?: string;
  release: string;
  model?: string | null;
}

/** A court's judgment or a supervisory decision that bears on the question. */
export interface Decision {
  document: DocumentCard;
  court?: string | null;
  /** Case number. */
  number?: string | null;
  year?: number | null;
  /** The day of the decision, YYYY-MM-DD. */
  decided?: string | null;
  /** Name in a collection of judgments. */
  referat?: string | null;
  /** How it ended for the person, as a code; null where the text does not show it. */
  outcome?: string | null;
  /** The same in Swedish. */
  outcome_text: string;
  provisions: string[];
  precedent: 'precedent' | 'guiding' | 'example' | 'supervision';
  invented: boolean;
  quotes: Source[];
}

export interface CaseLawReply {
  status: 'answered' | 'no_support';
  for: Decision[];
  against: Decision[];
  unclear: Decision[];
  notices: Notice[];
  as_of: string;
  release: string;
}

export interface Message {
  role: 'user' | 'assistant';
  content: string;
}

export interface AskRequest {
  question: string;
  history?: Message[];
  as_of?: string;
  mode: 'quotes' | 'summary';
  /** Findings of a refusal that the reader says are not about a person. */
  confirmed?: Confirmed[];
}

export type CaseLawRequest = Omit<AskRequest, 'mode'>;

export const VERDICTS = ['helpful', 'wrong', 'incomplete', 'outdated'] as const;

export interface Feedback {
  answer_id: string;
  verdict: (typeof VERDICTS)[number];
}

/** Personal data found in a text. Offsets count Unicode code points. */
export interface Finding {
  start: number;
  end: number;
  type: string;
  certain: boolean;
}

/** A finding that is not certain, where it was shown, confirmed not to be about a person. */
export interface Confirmed {
  field: string;
  start: number;
  end: number;
  type: string;
}

export interface GuardReply {
  findings: Finding[];
}

/** application/problem+json, with the fields that a personal-data refusal adds. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  findings?: Finding[];
  field?: string;
  suggestion?: string;
  /** Seconds after which to try again. */
  retry_after?: number;
}

export const MAX_QUESTION = 2000;
export const MAX_HISTORY = 10;
