"""Messages that have one fixed answer: greetings, who it is, what it can do, and
what it cannot: answer without a passage, or do other work.

Why: a model this small must say plainly what it is and what it cannot do.
"""
import re

from passages import Passages
from templates import BY_ENTITY, ENTITIES, expand, merged

LINES = merged('fixed', 'fixed_more')
ANSWERS = {t[:-7]: LINES[t][0] for t in LINES if t.endswith('-answer')}
WEIGHTS = dict(hello=1, who=2, can=2, thanks=1, bye=.7, task=2, passage=3)
KINDS = dict(language='language', town='town', food='food', person='person', time='time', things='plural')
WORKS = ['a poem', 'a story', 'a joke', 'an essay', 'a letter', 'a song', 'a short note', 'a recipe', 'a speech', 'a short story', 'a game', 'a list']


class Fixed(Passages):
    def fill(self, template):
        r = self.r

        def one(match):
            name = match.group(1)
            if name == 'x':
                return r.choice(WORKS)
            if name == 'n':
                return r.choice([self.plural, self.thing, lambda: 'a ' + self.noun()])()
            if name == 'n2':
                return self.phrase()
            if name in 'de':
                return self.number(1, 3)
            if name == 'first':
                return self.first(r.random() < .5)
            if name == 'q':
                self.start()
                kind = r.choice(ENTITIES)
                return self.realize(self.templates(r.choice(BY_ENTITY[kind]), 'ask'), self.entity(kind), None)
            return self.value(KINDS[name])
        return re.sub(r'\{(\w+)\}', one, r.choice(expand(template)))

    def exchange(self, kind=None):
        """-> message, answer, kind"""
        kind = kind or self.r.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        return self.fill(self.r.choice(LINES[kind + ('!' if self.words else '')])), ANSWERS[kind], kind


if __name__ == '__main__':
    for words in (False, True):
        g = Fixed(1, words, words)
        for _ in range(15):
            print(g.exchange())
