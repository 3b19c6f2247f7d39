"""Short messages with a category and an urgency, answered as compact JSON.

Why: sorting messages is something a very small model can do well, even in words
it has not seen. The category follows from the core sentence, the urgency only
from what the message says about time: high, low, or normal when it says nothing.
"""
import json
import re

from templates import expand, merged
from values import Values

LINES = merged('triage', 'triage_more')
CLOSING_LINES = merged('triage', 'triage_more', 'triage_closing')
NOT_CATEGORIES = {'high', 'low', 'greet', 'close', 'detail', 'ask'}
CATEGORIES = sorted(t for t in LINES if not t.endswith('!') and t not in NOT_CATEGORIES)
URGENCIES = ['low', 'normal', 'high']
KINDS = dict(order='order', money='money', thing='phrase', things='plural', person='person', date='date', place='place', town='town',
             time='time', code='code', phone='phone', job='job', event='event', year='year', weekday='weekday')


def schema():
    return {'$schema': 'https://json-schema.org/draft/2020-12/schema', 'title': 'Triage of a short message', 'type': 'object',
            'properties': {'category': {'type': 'string', 'enum': CATEGORIES}, 'urgency': {'type': 'string', 'enum': URGENCIES}},
            'required': ['category', 'urgency'], 'additionalProperties': False}


class Triage(Values):
    def __init__(self, seed, unseen=False, unseen_words=False, closing=False):
        super().__init__(seed, unseen)
        self.lines = CLOSING_LINES if closing else LINES
        self.mark = '!' if unseen_words else ''

    def fill(self, template):
        def one(match):
            name = match.group(1)
            if name == 'number':
                return self.number(1, 5)
            if name == 'month':
                return self.pick('months')
            text = self.value(KINDS[name])
            return ('my ' if self.r.random() < .5 and not match.start() else '') + text if name == 'order' else text
        text = re.sub(r'\{(\w+)\}', one, self.r.choice(expand(template)))
        return text[0].upper() + text[1:]

    def line(self, tag, held_out_too=True):
        return self.fill(self.r.choice(self.lines[tag + self.mark if held_out_too else tag]))

    def message(self):
        """-> message, category, urgency"""
        r = self.r
        category = r.choice(CATEGORIES)
        urgency = r.choices(URGENCIES, [.3, .4, .3])[0]
        parts = [self.line(category)]
        if r.random() < .3:
            parts.append(self.line('detail', False))
        if r.random() < .12:
            parts.append(self.line(category))
        if urgency != 'normal':
            parts.insert(0 if r.random() < .25 else len(parts), self.line(urgency))
        if r.random() < .3:
            parts.insert(0, self.line('greet', False))
        if r.random() < .25:
            parts.append(self.line('close', False))
        text = ' '.join(dict.fromkeys(parts))
        if not self.mark and r.random() < .1:
            text = text.lower()
        return text, category, urgency

    def prompt(self, text):
        return self.r.choice(LINES['ask' + self.mark]).replace('\\n', '\n') + text

    @staticmethod
    def answer(category, urgency):
        return json.dumps(dict(category=category, urgency=urgency), separators=(',', ':'))


if __name__ == '__main__':
    print(json.dumps(schema(), indent=2))
