import '../shared/base.css';
import './study.css';
import { el, readData } from '../shared/dom';
import * as format from '../shared/format';
import { startTheme } from '../shared/theme';
import { curves, history } from './history';
import { contours, importance, parallel, slices } from './settings';
import { finite, type Figure, type Study } from './types';

startTheme(document.getElementById('theme')!);
const page = document.getElementById('page')!;
const study = readData<Study | string>();
if (typeof study === 'string') page.append(el('p', { class: 'note' }, 'This page holds no study: it is the template that thalweg tune fills in.'));
else page.append(...sections(study));

function sections(study: Study): (HTMLElement | string)[] {
  const card = (id: string, title: string, note: string, ...content: (HTMLElement | null)[]): HTMLElement => el('section', { class: 'card', 'aria-labelledby': id },
    el('h2', { id }, title), note ? el('p', { class: 'muted' }, note) : null, ...content);
  const hasFigures = study.trials.some(trial => finite(trial.values[0]));
  return [
    headline(study),
    study.finalists.length ? card('finalists', 'Finalists', 'Trained again with other seeds, on rows that the search never scored. The last column is where the figure on the test data should lie, in 95 of 100 cases.', finalists(study)) : '',
    ...(hasFigures ? [
      card('history', 'History', 'The line is the best so far; a triangle is a trial that was paused.', history(study)),
      study.importance.length ? card('importance', 'Importance', 'How much of a good result each setting decides (PED-ANOVA); paused trials count.', importance(study)) : '',
      card('parallel', 'Parallel coordinates', 'A line for each trial: the better, the stronger. The winner is orange.', parallel(study)),
      card('slices', 'Slices', `${study.goals[0]!.name} over each setting; an open mark was paused. The worst twentieth lies on the edge.`, slices(study)),
      study.parameters.length > 1 ? card('contours', 'Contours', 'Ranks of the trials, smoothed: the stronger, the better.', contours(study)) : '',
      card('curves', 'Curves of the trials', 'The winner is thick; a triangle is where a trial was paused.', curves(study)),
    ] : []),
    study.goals.length > 1 ? card('pareto', 'Pareto front', 'Trials that no other one beats in all goals.', pareto(study)) : '',
    card('cost', 'Cost', '', cost(study)),
    card('trials', 'Trials', '', table(study)),
  ].filter(section => section !== '');
}

function show(value: Figure | undefined): string {
  return finite(value) ? String(Number(value.toPrecision(5))) : '-';
}

function headline(study: Study): HTMLElement {
  const best = study.trials.find(trial => trial.number === study.best), winner = study.trials.find(trial => trial.number === study.winner);
  const finalist = study.finalists.find(item => item.trial === study.winner);
  return el('div', {},
    el('h1', {}, study.title),
    winner && best ? el('p', {},
      el('strong', {}, `Trial ${winner.number} wins.`),
      finalist ? ` On rows that the search never scored it reaches ${show(finalist.mean)} (${show(finalist.low)} to ${show(finalist.high)}).` : ` It reaches ${show(winner.values[0])} by validation.`,
      finite(study.optimism) ? ` The best score of the search was ${show(best.values[0])}: ${show(study.optimism)} of it is luck.` : '',
      study.test ? ` On ${format.count(study.test.samples)} test samples, read once: ${study.test.name} ${show(study.test.metric)}.` : '')
      : el('p', { class: 'note' }, 'No trial has succeeded so far.'),
    winner ? el('p', {}, el('code', {}, winner.point)) : null,
    el('p', { class: 'muted' }, `Sampler ${study.sampler}, pruner ${study.pruner}, order ${study.order}: the trials do not depend on the number of workers.`,
      study.isExact ? '' : ' Times decide here: another run of this study may come to other trials.', study.isFinished ? '' : ' The study is not finished.'));
}

function finalists(study: Study): HTMLElement {
  return el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, ...['Trial', 'Search', 'Other rows', '95 % interval', 'Each training', 'Rows', 'Expected on the test data'].map(name => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, ...study.finalists.map(item => el('tr', item.trial === study.winner ? { class: 'winner' } : {},
      el('th', { scope: 'row' }, String(item.trial)), el('td', {}, show(study.trials[item.trial]?.values[0])), el('td', {}, show(item.mean)),
      el('td', {}, `${show(item.low)} to ${show(item.high)}`), el('td', {}, item.values.map(value => value.toPrecision(4)).join(' ')), el('td', {}, format.count(item.samples)),
      el('td', {}, finite(item.testLow) ? `${show(item.testLow)} to ${show(item.testHigh)}` : '-'))))));
}

function pareto(study: Study): HTMLElement {
  const trials = study.paretoFront.map(number => study.trials[number]!);
  return el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Trial'), ...study.goals.map(goal => el('th', { scope: 'col' }, goal.name)), el('th', { scope: 'col', class: 'text' }, 'Settings'))),
    el('tbody', {}, ...trials.map(trial => el('tr', {}, el('th', { scope: 'row' }, String(trial.number)), ...study.goals.map((_, i) => el('td', {}, show(trial.values[i]))), el('td', { class: 'point' }, trial.point))))));
}

function cost(study: Study): HTMLElement {
  const count = (status: string): number => study.trials.filter(trial => trial.status === status).length;
  const epochs = study.trials.reduce((sum, trial) => sum + trial.curve.length, 0);
  const seconds = study.trials.reduce((sum, trial) => sum + trial.seconds, 0);
  const whole = study.maxBudget * study.trials.length;
  const again = study.trials.filter(trial => trial.jobs > 1).length;
  const facts: [string, string][] = [
    ['Trials', `${format.plural(study.trials.length, 'trial')}: ${count('done')} done, ${count('paused')} paused, ${count('failed')} failed`],
    ['Epochs', `${format.count(epochs)}, ${whole ? Math.round((100 * epochs) / whole) : 100} % of those that all trials could have taken${again ? `; ${again} went on after a pause` : ''}`],
    ['Time', `${format.time(seconds)} of training, summed over trials`],
  ];
  return el('dl', { class: 'facts' }, ...facts.flatMap(([name, text]) => [el('dt', {}, name), el('dd', {}, text)]));
}

function table(study: Study): HTMLElement {
  return el('details', {}, el('summary', {}, `All ${study.trials.length}`), el('div', { class: 'scroll' }, el('table', {},
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Trial'), el('th', { scope: 'col' }, 'Status'), ...study.goals.map(goal => el('th', { scope: 'col' }, goal.name)),
      el('th', { scope: 'col' }, 'Epochs'), el('th', { scope: 'col' }, 'Time'), el('th', { scope: 'col', class: 'text' }, 'Settings'))),
    el('tbody', {}, ...study.trials.map(trial => el('tr', trial.number === study.winner ? { class: 'winner' } : {},
      el('th', { scope: 'row' }, String(trial.number)), el('td', {}, trial.status), ...study.goals.map((_, i) => el('td', {}, show(trial.values[i]))),
      el('td', {}, String(trial.curve.length)), el('td', {}, format.time(trial.seconds)), el('td', { class: 'point' }, trial.failure ?? trial.point)))))));
}
