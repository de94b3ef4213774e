import '../shared/base.css';
import { el, readData } from '../shared/dom';
import * as format from '../shared/format';
import { swatch } from '../shared/swatch';
import { startTheme } from '../shared/theme';
import { curves } from './curves';
import { legend, Selection } from './legend';
import { rankingTable, tied } from './ranking';
import { rates } from './rates';
import type { Result } from './types';

startTheme(document.getElementById('theme')!);
const page = document.getElementById('page')!;
const result = readData<Result | string>();
if (typeof result === 'string') page.append(el('p', { class: 'note' }, 'This page holds no result: it is the template that thalweg compare fills in.'));
else page.append(...sections(result));

function sections(result: Result): HTMLElement[] {
  const selection = new Selection();
  return [
    headline(result),
    el('section', { class: 'card', 'aria-labelledby': 'ranking' },
      el('h2', { id: 'ranking' }, 'Ranking'),
      el('p', { class: 'muted' }, rankingNote(result)),
      rankingTable(result),
      edgeNote(result)),
    el('section', { class: 'card', 'aria-labelledby': 'curves' },
      el('h2', { id: 'curves' }, 'Learning curves at the best rates'),
      el('p', { class: 'muted' }, `Mean of ${format.plural(result.options.seeds, 'seed')}; the thin lines are the lowest and the highest.`),
      curves(result, selection),
      legend(result.ranking, selection)),
    el('section', { class: 'card', 'aria-labelledby': 'rates' },
      el('h2', { id: 'rates' }, 'How much the rate matters'),
      el('p', { class: 'muted' }, 'A wide hump is easy to tune, a sharp one is not. The large mark is the rate that was chosen; a run that diverged counts as the trivial answer.'),
      rates(result, selection),
      legend(result.ranking, selection)),
    method(result),
    formulas(result),
  ];
}

function describeNetwork(options: Result['options']): string {
  if (options.network) return options.network;
  const stages = options.stages.map((stage) => `${stage.channels}x${stage.blocks}`);
  const layers = [...stages, ...options.convolutions.map((block) => `${block.channels}x${block.window}`), ...options.hiddenUnits];
  return layers.length ? `${stages.length ? 'residual ' : ''}${layers.join('-')} ${options.activation}` : 'linear';
}

function headline(result: Result): HTMLElement {
  const winner = result.ranking[0]!;
  const equals = tied(result).map(contender => contender.name);
  const { options } = result;
  const network = describeNetwork(options);
  const [verdict, rest] = result.ranking.length === 1
    ? [winner.name, ' reaches']
    : [equals.length ? `${winner.name} leads, but not clearly: these data cannot tell it from ${format.list(equals)}.` : `${winner.name} is clearly the best.`, ' It reaches'];
  return el('div', {},
    el('h1', {}, `Comparison on ${result.data}`),
    el('p', {}, el('strong', {}, verdict), `${rest} a validation ${result.metricName} of ${format.metric(result.metricName, winner.metric)} `,
      `(${format.metric(result.metricName, winner.bootstrap.low)} to ${format.metric(result.metricName, winner.bootstrap.high)}) at rate ${format.rate(winner.rate)}.`,
      result.test ? ` On ${format.count(result.test.samples)} test samples, read once: ${format.metric(result.metricName, result.test.metric)}.` : ''),
    el('p', { class: 'muted' },
      `${format.plural(result.ranking.length, 'contender')}, ${format.plural(result.cost.trials, 'trial')}, ${format.count(result.cost.steps)} steps, ${format.time(result.cost.seconds)} of training; `,
      `${format.count(result.trainingSamples)} training and ${format.count(result.validationSamples)} validation samples, network ${network}, `,
      `${format.plural(options.epochs, 'epoch')} of ${format.plural(result.stepsPerEpoch, 'step')}.`));
}

function rankingNote(result: Result): string {
  return `By mean validation ${result.metricName} over ${format.plural(result.options.seeds, 'seed')} that the tuning has not seen. `
    + `The target is ${format.metric(result.metricName, result.target)}; a median over the seeds says when it was first reached, looked at after each epoch.`;
}

function edgeNote(result: Result): HTMLElement | null {
  const names = result.ranking.filter(contender => contender.isAtEdge).map(contender => contender.name);
  return names.length
    ? el('p', { class: 'note' }, `* For ${format.list(names)} the best rate is at the edge of those tried: a better one may lie outside. Widen --rate-range.`)
    : null;
}

function method(result: Result): HTMLElement {
  const { options } = result;
  const facts: [string, string][] = [
    ['Budget', `the same for all: ${format.plural(result.rates.length, 'rate')} (${format.rate(result.rates[0]!)} to ${format.rate(result.rates[result.rates.length - 1]!)}, ${options.sampling === 'Grid' ? 'at equal ratios' : 'drawn at random'}) times ${format.plural(options.seeds, 'seed')}, no early stopping`],
    ['Choice of the rate', `highest mean of the best validation ${result.metricName} of each run`],
    ['Ranking', `at that rate, with ${format.plural(options.seeds, 'other seed')}`],
    ['Intervals', `bootstrap of ${format.count(options.resamples)} resamples of seeds and validation samples, the same for all contenders, 95 %`],
    ['Schedule', `${options.schedule.toLowerCase()}, batches of ${options.batchSize}, dropout ${options.dropout}`],
    ['Target', `${format.metric(result.metricName, result.target)}; the trivial answer has ${format.metric(result.metricName, result.trivial)}`],
    ['Cost', `${format.plural(result.cost.trials, 'trial')}, ${result.cost.diverged} diverged, ${format.time(result.cost.seconds)} summed over trials`],
  ];
  return el('section', { class: 'card', 'aria-labelledby': 'method' },
    el('h2', { id: 'method' }, 'How it was measured'),
    el('dl', { class: 'facts' }, ...facts.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)])));
}

function formulas(result: Result): HTMLElement {
  return el('section', { class: 'card', 'aria-labelledby': 'formulas' },
    el('h2', { id: 'formulas' }, 'The formulas that ran'),
    el('dl', { class: 'facts' }, ...result.ranking.flatMap((contender, index) => [
      el('dt', {}, swatch(index), ` ${contender.name}`),
      el('dd', {}, el('code', {}, contender.formula)),
    ])));
}
