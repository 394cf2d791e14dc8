import type { ForeignAnswer } from '../../../src/kite/foreign-answer.ts';
import type { Answer } from './rest-server.ts';

const waf =
  '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>';
const envelope = (status: number, errorType: string, message: string): Answer => ({
  status,
  body: JSON.stringify({ status: 'error', message, error_type: errorType, data: null }),
});

/** Kite's own word that a token is dead: the only answer that is. */
export const kitesRefusal: Answer = envelope(403, 'TokenException', 'Incorrect `api_key` or `access_token`.');

/** Answers in Kite's name that are not Kite's word about a token. `foreign`: what they are taken for, where it is said. */
export const foreignAnswers: readonly {
  readonly name: string;
  readonly answer: Answer;
  readonly foreign?: ForeignAnswer;
}[] = [
  { name: "a firewall's 403 page", answer: { status: 403, type: 'text/html', body: waf }, foreign: 'web-page' },
  { name: 'a 403 page called JSON', answer: { status: 403, body: waf }, foreign: 'web-page' },
  { name: 'a 403 page called CSV', answer: { status: 403, type: 'text/csv', body: waf }, foreign: 'web-page' },
  { name: 'an empty 403', answer: { status: 403, type: null, body: '' }, foreign: 'not-kite' },
  { name: "a gateway's 403 in JSON", answer: { status: 403, body: '{"message":"Forbidden"}' }, foreign: 'not-kite' },
  {
    name: 'JSON that only names the exception',
    answer: { status: 403, body: '{"error_type":"TokenException","message":"Incorrect access_token"}' },
    foreign: 'not-kite',
  },
  {
    name: "Kite's words as text",
    answer: { ...kitesRefusal, type: 'text/plain' },
    foreign: 'not-kite',
  },
  { name: "Kite's words in a list", answer: { status: 403, body: `[${kitesRefusal.body}]` }, foreign: 'not-kite' },
  {
    name: 'a 401 of a gateway',
    answer: { status: 401, type: 'text/plain', body: 'Unauthorized' },
    foreign: 'not-kite',
  },
  { name: "Kite's refusal with another status", answer: { ...kitesRefusal, status: 401 } },
  {
    name: 'a redirect to a captive portal',
    answer: { status: 302, headers: { location: 'http://10.0.0.1/' }, body: '' },
    foreign: 'network-sign-in',
  },
  {
    name: 'a proxy that wants a password',
    answer: { status: 407, type: 'text/html', body: waf },
    foreign: 'network-sign-in',
  },
  {
    name: 'a network that wants a sign-in',
    answer: { status: 511, type: 'text/html', body: waf },
    foreign: 'network-sign-in',
  },
  { name: 'a legal block', answer: { status: 451, type: 'text/html', body: waf }, foreign: 'web-page' },
  { name: 'a page with status 200', answer: { type: 'text/html', body: waf }, foreign: 'web-page' },
  { name: 'a page with status 200 called CSV', answer: { type: 'text/csv', body: waf }, foreign: 'web-page' },
  { name: 'nothing with status 200', answer: { type: null, body: '' }, foreign: 'not-kite' },
  {
    name: 'JSON of another service',
    answer: { body: '{"data":{"user_id":"AB1234","user_name":"A"}}' },
    foreign: 'not-kite',
  },
  { name: 'data of another kind', answer: { body: '{"status":"success","data":{"ok":"yes"}}' } },
  { name: "a gateway's 502 page", answer: { status: 502, type: 'text/html', body: waf } },
];
