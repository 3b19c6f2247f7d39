"""Passages of facts with questions, their answers, and questions they do not answer.

Why: the one thing this model must learn is to read a short text and copy the
right piece of it. A passage is a list of facts (a relation of an entity, an
action, an attribute, or a bare pair); each fact brings its own questions and the
questions that stay open. `unseen` values and `unseen` wording come from the
held-out side of values.py and templates.py.
"""
import re
from dataclasses import dataclass, field

from templates import BY_ENTITY, ENTITIES, confusable, expand, tagged
from values import ABSENT, WORDS, Values

FRAMES, ACTIONS, ATTRIBUTES, FILLER = (tagged(x) for x in ('frames', 'actions', 'attributes', 'filler'))
VERBS = [tuple(v.split()) for v in WORDS['verbs']]
HEADINGS = dict(person='Name', company='Company', event='Event', order='Order', thing='Item', project='Project',
                trip='Service', course='Course', venue='Place', book='Title', town='Town')
STAND_IN = dict(company=['the company', 'the firm'], event=['the event'], order=['the order'], project=['the project'],
                course=['the course', 'the class'], book=['the book'], town=['the town'])
LOWER_FIRST = set('''the it she he they you we to at in on for there please your his her its our a an this these that from as with
by up after before every call contact put use look tickets entry admission visit go if because due until join doors seats'''.split())
NUMERIC = 'number code PIN line'.split()
PEOPLE_ATTRIBUTES = set('''sponsor,supplier,partner,agent,guide,driver,guardian,doctor,neighbour,rival,captain,deputy,assistant,inspector,
chairman,treasurer,landlord,tenant,editor,translator,winner,loser,guest speaker'''.replace('\n', '').split(','))
MONEY_ATTRIBUTES = set('deposit,discount,fine,penalty,fee,tip,salary,wage,bonus,rent,tax,value,cost,balance,total'.split(','))
SIZE_ATTRIBUTES = set('''size,length,height,width,depth,weight,capacity,voltage,pressure,temperature,limit,rate,maximum,minimum,average,speed,
rating,score,level,rank,target,goal'''.replace('\n', '').split(','))
ANY_VALUE = '''person money date time code count color material town company duration phone place measure weekday food pet year'''.split()


@dataclass
class Fact:
    text: str
    asks: list = field(default_factory=list)     # (make question, answer, kind)
    opens: list = field(default_factory=list)    # (make question, kind): the passage does not say
    card: bool = False                           # a line of its own


def cap(text):
    return text[:1].upper() + text[1:]


def tidy(text):
    return re.sub(r' +([.,])', r'\1', re.sub(r' +', ' ', text)).strip()


class Passages(Values):
    """Makes passages; `same` is the share of blocks with one relation of many entities."""

    def __init__(self, seed, unseen=False, unseen_words=False, same=.45, frames=.2):
        super().__init__(seed, unseen)
        self.words = unseen_words
        self.same = same
        self.frames = 0. if unseen_words else frames

    # ---- shared state of one passage
    def start(self):
        self.used, self.taken, self.firsts, self.entities, self.given = set(), set(), {}, [], set()

    def fresh_value(self, kind):
        for _ in range(40):
            value = self.value(kind)
            if value not in self.taken and value not in self.used:
                break
        self.taken.add(value)
        return value

    def fresh_entity(self, kind):
        for _ in range(40):
            e = self.entity(kind)
            if e['name'] + e.get('where', '') not in self.used and e['name'] not in self.taken and e.get('first') not in self.firsts:
                break
        self.used.add(e['name'] + e.get('where', ''))
        self.entities.append(e)
        if 'first' in e:
            self.firsts[e['first']] = self.firsts.get(e['first'], 0) + 1
        return e

    # ---- relations
    def templates(self, relation, what):
        if self.words:
            return self.r.choice(expand(self.r.choice(getattr(relation, what + '_unseen'))))
        generic = getattr(relation, 'generic_' + what)
        groups = generic if generic and self.r.random() < .2 else getattr(relation, what)
        return self.r.choice(self.r.choice(groups))

    def realize(self, template, e, value, mode='full'):
        name = e['name']
        if e['kind'] == 'things':
            text = template.replace('{n}', name).replace('{w0}', e['where']).replace('{w}', e['where'])
        else:
            subject = object_ = name
            if mode == 'pronoun' and e['kind'] == 'person':
                subject, object_, owner = ('she', 'her', 'her') if e['woman'] else ('he', 'him', 'his')
            elif mode == 'pronoun':
                subject, object_, owner = 'it', 'it', 'its'
            else:
                if mode == 'first':
                    subject = object_ = e['first']
                elif mode == 'stand-in':
                    subject = object_ = self.r.choice(STAND_IN[e['kind']])
                owner = subject + "'s"
            text = template.replace('{E}', subject).replace('{O}', object_).replace('{P}', owner)
        if value is not None:
            a = 'an ' if value[0] in 'aeiouAEIOU' else 'a '
            text = text.replace('{av}', a + value).replace('{v0}', value).replace('{v}', value)
        return cap(text)

    def question_about(self, relation, e, alone):
        mode, p = 'full', self.r.random()
        if 'first' in e and self.firsts.get(e['first'], 0) == 1 and p < .25:
            mode = 'first'
        elif alone and e['kind'] in STAND_IN and p < .3:
            mode = 'stand-in'
        return self.realize(self.templates(relation, 'ask'), e, None, mode)

    def question_elsewhere(self, relation, kind):
        """The same relation of an entity that the passage does not have."""
        for _ in range(40):
            e = self.entity(kind)
            if kind == 'things':
                others = [x for x in self.entities if x['kind'] == 'things']
                if others and self.r.random() < .5:
                    e['where'] = self.r.choice(others)['where']
                if any(x['name'] == e['name'] for x in others):
                    continue
            if e['name'] + e.get('where', '') not in self.used and e['name'] not in self.taken and e.get('first') not in self.firsts:
                return self.realize(self.templates(relation, 'ask'), e, None)
        return None

    def relation_block(self, left, main):
        r = self.r
        kind = main if r.random() < .75 else r.choice(ENTITIES)
        same = r.random() < self.same
        count = min(4, left) if same else (1 if r.random() < .4 else r.randint(1, min(4, left)))
        entities = [self.fresh_entity(kind) for _ in range(count)]
        pool = self.compatible(kind, 1 if same else r.randint(1, 4))
        pairs = []
        for e in entities:
            pairs += [(e, x) for x in ([x for x in pool if r.random() < .8] or [r.choice(pool)])]
        if r.random() < .15:
            r.shuffle(pairs)
        pairs = pairs[:left]
        alone = len(entities) == 1 and sum(x['kind'] == kind for x in self.entities) == 1
        self.given |= {(id(e), x.name) for e, x in pairs}
        style = r.random() if not self.words else 1.      # a card would not be unseen wording
        facts = [self.relation_fact(e, x, alone) for e, x in pairs]
        if style < .16 and kind in HEADINGS:
            return self.as_card(pairs, facts)
        if style < .26 and kind in HEADINGS:
            return self.as_list(pairs, facts)
        before = None
        for (e, x), fact in zip(pairs, facts):
            mode, p = 'full', r.random()
            if before is e and kind != 'things':
                mode = 'pronoun' if p < .4 else 'first' if p < .55 and 'first' in e else 'stand-in' if p < .6 and alone and kind in STAND_IN else 'full'
            fact.text = self.framed(self.realize(self.templates(x, 'say'), e, fact.asks[0][1], mode))
            before = e
        return facts

    def compatible(self, kind, n):
        """n relations of an entity kind, no two of which could be mistaken for each other."""
        pool = []
        for x in self.r.sample(BY_ENTITY[kind], len(BY_ENTITY[kind])):
            if len(pool) < n and not any(confusable(x.name, y.name) for y in pool):
                pool.append(x)
        return pool

    def relation_fact(self, e, relation, alone):
        value = self.fresh_value(relation.value)
        fact = Fact('')
        fact.asks.append((lambda: self.question_about(relation, e, alone), value, relation.name))

        def not_given():
            kind = e['kind']
            has = [n for i, n in self.given if i == id(e)]
            others = [x for x in BY_ENTITY[kind] if (id(e), x.name) not in self.given and not any(confusable(x.name, n) for n in has)]
            return self.question_about(self.r.choice(others), e, alone) if others and kind != 'things' else None
        fact.opens.append((not_given, 'relation'))
        fact.opens.append((lambda: self.question_elsewhere(relation, e['kind']), 'entity'))
        return fact

    def as_card(self, pairs, facts):
        now = None
        for (e, x), fact in sorted(zip(pairs, facts), key=lambda p: [id(q[0]) for q in pairs].index(id(p[0][0]))):
            line = f'{self.r.choice(x.labels)}: {fact.asks[0][1]}'
            fact.text = (f"{HEADINGS[e['kind']]}: {e['name']}\n" if e is not now else '') + line
            fact.card, now = True, e
        order = [id(q[0]) for q in pairs]
        return [f for _, f in sorted(zip(pairs, facts), key=lambda p: order.index(id(p[0][0])))]

    def as_list(self, pairs, facts):
        bullet, mark = self.r.choice(['', '- ', '* ']), self.r.choice([': ', ' - ', ' | ', ', '])
        names = list(dict.fromkeys(x.name for _, x in pairs))
        out, now = [], None
        for (e, x), fact in sorted(zip(pairs, facts), key=lambda p: names.index(p[0][1].name)):
            head = self.r.choice(x.labels) + ':\n' if x.name != now else ''
            fact.text, fact.card, now = head + bullet + e['name'] + mark + fact.asks[0][1], True, x.name
            out.append(fact)
        return out

    def framed(self, sentence):
        """Sometimes words before or after the sentence."""
        p = self.r.random()
        if p < self.frames * .6:
            head = self.r.choice(FRAMES['before'])
            first = sentence.split(' ', 1)[0]
            lower = first.lower() in LOWER_FIRST
            return head + (sentence[0].lower() + sentence[1:] if lower else sentence)
        if p < self.frames and sentence.endswith('.'):
            return sentence[:-1] + self.r.choice(FRAMES['after']) + '.'
        return sentence

    # ---- actions
    def nonce_verb(self):
        base = self.word(1, 2).lower().rstrip('e')
        return base, base + 'ed', base + 'ed'

    def action_block(self, left):
        n = self.r.randint(1, min(3, left))
        verbs = [self.nonce_verb() if not self.words and self.r.random() < .2 else self.r.choice(VERBS) for _ in range(n)]
        if self.r.random() < (self.same if self.same > .5 else .4):
            verbs = [verbs[0]] * n
        return [self.action_fact(v) for v in verbs]

    def action_fact(self, verb):
        r = self.r
        person = self.fresh_entity('person')['name']
        for _ in range(40):
            thing = ('the ' if r.random() < .8 else 'a ') + self.phrase()
            plain = 'the ' + thing.split(' ', 1)[1]
            if plain not in self.used and plain not in self.taken:
                break
        self.used |= {thing, plain}
        template = r.choice(ACTIONS['say!' if self.words else 'say'])
        place = self.fresh_value('place') if '{L}' in template or r.random() < .45 else ''
        when = ''
        if '{T}' in template or ('{t}' in template and r.random() < .5):
            when = ('on ' + self.fresh_value('date')) if r.random() < .75 else ('at ' + self.fresh_value('time'))
        at = 'in ' + place if place else ''
        slots = dict(p=person, base=verb[0], past=verb[1], pp=verb[2], o=thing, l=at, t=when, L=cap(at), T=cap(when))
        fact = Fact(self.framed(cap(tidy(template.format(**slots)))))
        asked = dict(slots, o=plain)

        def make(role, **change):
            tag = role + ('!' if self.words else '')
            return lambda: cap(r.choice(ACTIONS[tag]).format(**{**asked, **{k: v() for k, v in change.items()}}))
        fact.asks += [(make('who'), person, 'who'), (make('what'), thing, 'what')]
        if place:
            fact.asks.append((make('where'), place, 'where'))
        else:
            fact.opens.append((make('where'), 'where'))
        if when:
            fact.asks.append((make('when'), when.split(' ', 1)[1], 'when'))
        else:
            fact.opens.append((make('when'), 'when'))
        fact.opens.append((make(r.choice(['who', 'where', 'when']), o=lambda: self.other('thing')), 'thing'))
        fact.opens.append((make('what', p=lambda: self.other('person')), 'person'))
        return fact

    def other(self, kind):
        """A name that the passage does not have."""
        for _ in range(60):
            name = self.value(kind)
            if name not in self.used and name not in self.taken and name.split()[0] not in self.firsts:
                return name
        return name

    # ---- attributes
    def attribute(self):
        if not self.words and self.r.random() < .3:
            return self.word(1, 2).lower()
        return self.pick('attributes')

    def attribute_value(self, a):
        r = self.r
        if any(w in a for w in NUMERIC):
            return r.choice([self.code, self.phone, lambda: self.number(2, 6)])()
        if any(w in a for w in ('date', 'day', 'visit', 'check', 'deadline')) and 'time' not in a:
            return self.date()
        if 'time' in a:
            return self.time() if r.random() < .6 else self.duration()
        if a in PEOPLE_ATTRIBUTES:
            return self.person()['name'] if r.random() < .75 else self.company()
        if a in MONEY_ATTRIBUTES:
            return self.money() if r.random() < .8 else self.percent()
        if a in SIZE_ATTRIBUTES:
            return r.choice([self.quantity, self.count, self.percent, self.measure])()
        return self.value(r.choice(ANY_VALUE))

    def attribute_block(self, left):
        """Attributes of one or several entities, known ones and invented ones."""
        r, facts, e = self.r, [], None
        a = self.attribute()
        mark = '!' if self.words else ''
        keep = self.same > .5 and r.random() < self.same       # one attribute of several entities
        for _ in range(r.randint(1, min(3, left)) if not keep else min(3, left)):
            if e is None or keep or r.random() < .6:
                e = self.fresh_entity(r.choice('thing thing company venue project event town course person'.split()))['name']
            if not keep and r.random() < .6 or (e, a) in self.used:
                a = self.attribute()
            if (e, a) in self.used:
                continue
            self.used |= {(e, a), ('attribute', a)}
            value = self.unused(lambda: self.attribute_value(a))

            def ask(a=a, e=e):
                return cap(r.choice(ATTRIBUTES['ask' + mark]).format(a=a, e=e, P=e + "'s"))

            def other_attribute(e=e):
                for _ in range(40):
                    b = self.attribute()
                    if (e, b) not in self.used:
                        return ask(b, e)

            def other_entity(a=a, kind=self.entities[-1]['kind']):
                return ask(a, self.other(kind))
            text = cap(r.choice(ATTRIBUTES['say' + mark]).format(a=a, e=e, P=e + "'s", v=value))
            facts.append(Fact(self.framed(text), [(ask, value, 'attribute')], [(other_attribute, 'attribute'), (other_entity, 'entity')]))
        return facts

    def unused(self, make):
        for _ in range(40):
            value = make()
            if value not in self.taken and value not in self.used:
                break
        self.taken.add(value)
        return value

    def own_block(self):
        """An attribute that belongs to nobody: "The door code is 4812." """
        a = self.attribute()
        if ('attribute', a) in self.used:
            return []
        self.used.add(('attribute', a))
        value, r, mark = self.unused(lambda: self.attribute_value(a)), self.r, '!' if self.words else ''

        def ask(b=a):
            return cap(r.choice(ATTRIBUTES['own-ask' + mark]).format(a=b, A=cap(b)))

        def other():
            b = self.attribute()
            return ask(b) if ('attribute', b) not in self.used else None
        text = cap(r.choice(ATTRIBUTES['own-say' + mark]).format(a=a, A=cap(a), v=value))
        return [Fact(text, [(ask, value, 'own')], [(other, 'own')], card=not text.endswith('.'))]

    # ---- bare pairs, the first lesson
    def pairs(self, n):
        """n pairs of names or numbers and a question by one half of a pair."""
        r = self.r
        kinds = 'person thing event venue order project town company trip code phone place'.split()
        values = kinds + 'number money date time duration plural noun color'.split()
        fk, fv, mixed = r.choice(kinds), r.choice(values), r.random() < .4
        self.start()
        mark = r.choice([': ', ' is ', ' has ', ' - ', ' and ', ' with ', ' for ', ' near ', ' was ', ' took ', ' saw '])
        end = r.choice(['. ', '\n', '. ', '; ', ', '])
        rows = []
        for _ in range(n):
            k = self.unused(lambda: self.bare(r.choice(kinds) if mixed else fk))
            v = self.unused(lambda: self.bare(r.choice(values) if mixed else fv))
            rows.append((k, v))
        ask = r.choice(['{}?', 'What goes with {}?', 'Which one is with {}?', 'What about {}?', 'Who or what is with {}?', 'And {}?', 'What is listed for {}?'])
        qa = [(ask.format(k), v, 'pair') for k, v in rows] + ([(ask.format(v), k, 'pair') for k, v in rows] if r.random() < .6 else [])
        r.shuffle(qa)
        return end.join(k + mark + v for k, v in rows) + ('.' if end == '. ' else ''), qa

    def bare(self, kind):
        return self.number(1, 4) if kind == 'number' else self.value(kind)

    # ---- the whole
    def facts(self, n):
        self.start()
        blocks, left, main = [], n, self.r.choice(ENTITIES)
        while left > 0:
            p = self.r.random()
            block = (self.relation_block(left, main) if p < .64 else self.action_block(left) if p < .8 else
                     self.attribute_block(left) if p < .93 else self.own_block())
            if block:
                blocks.append(block)
                left -= len(block)
        return blocks

    def passage(self, low, high, asks=6, absent=.0):
        """-> text, [(question, answer, kind)]; kind of an open question starts with `absent`."""
        r = self.r
        n = r.randint(low, high)
        blocks = self.facts(n)
        text = self.layout(blocks, n)
        facts = [f for b in blocks for f in b]
        known = [a for f in facts for a in f.asks]
        opens = [o for f in facts for o in f.opens]
        r.shuffle(known), r.shuffle(opens)
        known = known + (r.sample(known, len(known)) if len(known) < asks else [])
        out, seen = [], set()
        for _ in range(asks):
            if opens and r.random() < absent:
                make, kind = opens.pop()
                question, answer, kind = make(), ABSENT, 'absent-' + kind
            elif known:
                make, answer, kind = known.pop(0)
                question = make()
            else:
                break
            if question is None or question in seen:
                continue
            seen.add(question)
            out.append((self.asked(question), answer, kind))
        return text, out

    def asked(self, question):
        """A question with words around it, or typed carelessly; training only."""
        p, f = self.r.random(), self.frames
        if p < f * .4:
            head = self.r.choice(FRAMES['ask-before'])
            first = question.split(' ', 1)[0]
            return head + (question[0].lower() + question[1:] if first.lower() in LOWER_FIRST or first in QUESTION_WORDS else question)
        if p < f * .55:
            return question + self.r.choice(FRAMES['ask-after'])
        if p < f * .8:
            first = question.split(' ', 1)[0]
            return (question[0].lower() + question[1:] if first in QUESTION_WORDS else question).rstrip('?.')
        return question

    def layout(self, blocks, n):
        r = self.r
        groups = [[(f.text, f.card) for f in b] for b in blocks]
        if n > 1 or r.random() < .3:
            for _ in range(r.choice([0, 0, 0, 1] if n < 4 else [0, 0, 1, 1, 2])):
                groups.insert(r.randint(0, len(groups)), [(r.choice(FILLER['say!' if self.words else 'say']), False)])
        lines, run = [], []
        for text, card in [x for g in groups for x in g]:
            if card:
                lines += ([' '.join(run)] if run else []) + [text]
                run = []
            else:
                run.append(text)
        lines += [' '.join(run)] if run else []
        sentences = [t for g in groups for t, _ in g]
        cards = any(c for g in groups for _, c in g)
        p = r.random()
        if p < .08 and not cards:
            lines = ['- ' + s for s in sentences]
        elif p < .13 and not cards and n < 6:
            lines = [f'{self.time() if r.random() < .5 else "2026-" + str(r.randint(10, 12)) + "-" + str(r.randint(10, 28))} {s}' for s in sentences]
        elif p < .22:
            lines = [r.choice(FRAMES['title'])] + lines
        elif p < .30:
            lines = ([r.choice(FRAMES['hail']) + r.choice(FRAMES['hailed'] + [self.first(False)]) + ','] + lines
                     + [r.choice(FRAMES['bye']), self.first(True)])
        elif p < .38:
            lines = sentences
        return '\n'.join(lines)


QUESTION_WORDS = set('''What Who When Where Which How Why Whose Whom By On In At To Tell Give For From Until Since The Find State Name Look
Is Does Did With Under Please Can'''.split())
