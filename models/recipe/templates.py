"""Reads the sentence templates of templates/*.txt and keeps the two sides apart.

Why: wording the evaluation uses must never be seen in training. Lines marked
`say!` and `ask!` belong to the evaluation alone; every other template is spelled
out (its [a|b] choices expanded) and dropped if it equals a held-out one, so that
a generic template such as "What is the {k} of {O}?" cannot recreate one.
"""
import itertools
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
RELATION_FILES = ['people', 'business', 'events', 'things', 'places', 'more']
# labels that are not nouns: "Starts: 9 am" on a card is fine, "the starts of X" is not
NOT_NOUNS = set('''Lives in,Reports to,Joined,Starts,Speaks,Founded,Founded by,Based in,Makes,When,Where,Starts at,Bill to,Ordered by,
Pay by,Shipped,Delivered,Kept in,Belongs to,Ask,Responsible,Return by,Expires,Made of,For,Leaves,To,Going to,Takes,Late by,Meets on,
Lasts,Opens,Open from,Closes,Open until,Closed on,Closed,Run by,Written by,By,Released,Published,About,Established,Due,In stock,
Headquarters,Tel,Dispatch,Goods,Contents,Ref,Day,Name,Finish'''.replace('\n', '').split(','))
# relations whose questions could be mistaken for each other about one entity
CONFUSABLE = [{'edate', 'etime'}, {'odue', 'oship'}, {'ocust', 'ototal', 'oitem'}, {'voff', 'vclose'}, {'tloc', 'tcode'},
              {'founder', 'ceo'}, {'tdest', 'tplat'}, {'cday', 'clen'}, {'pclient', 'plead'}, {'tdur', 'tdelay'}]


def read(name):
    """The lines of a template file as (tag, text)."""
    for line in open(os.path.join(HERE, 'templates', name + '.txt'), encoding='utf-8'):
        line = line.rstrip('\n')
        if line.strip() and not line.startswith('#'):
            tag, _, text = line.partition(' ')
            yield tag, text


def tagged(name):
    out = {}
    for tag, text in read(name):
        out.setdefault(tag, []).append(text)
    return out


def merged(name, *more):
    """Tagged files together. `more` was written after first scores: so that it cannot lean on the evaluation, its lines
    that share four words in a row with a held-out line of their tag are left out."""
    out = tagged(name)
    for tag, lines in (entry for file in more for entry in tagged(file).items()):
        held = {g for line in out[tag + '!'] for x in expand(line) for g in runs(x)}
        out[tag] = out[tag] + [x for x in (keep(line, held) for line in lines) if x]
    return out


def runs(text):
    """All runs of four words (the whole, if shorter)."""
    words = normal(text).split()
    return {' '.join(words[i:i + 4]) for i in range(max(1, len(words) - 3))}


def keep(line, held):
    """The line if none, or those of its spellings that are apart from the held-out runs, as one choice."""
    good = [x for x in expand(line) if not runs(x) & held]
    if len(good) == len(expand(line)):
        return line
    return '[' + '|'.join(good) + ']' if good else None


def expand(template):
    """Every spelling of a template with [a|b] choices."""
    parts = re.split(r'\[([^\]]*)\]', template)
    choices = [p.split('|') if i % 2 else [p] for i, p in enumerate(parts)]
    return [re.sub(r'  +', ' ', ''.join(c)).strip() for c in itertools.product(*choices)]


def normal(template):
    text = re.sub(r'[^a-z0-9{} ]', '', template.lower().replace('{p}', "{o} 's"))
    return ' '.join(text.split())


class Relation:
    def __init__(self, name, entity, value):
        self.name, self.entity, self.value = name, entity, value
        self.labels, self.say, self.ask, self.say_unseen, self.ask_unseen = [], [], [], [], []

    def nouns(self):
        return [x[0].lower() + x[1:] if not x.isupper() else x for x in self.labels if x not in NOT_NOUNS]


def load_relations():
    found = {}
    relation = None
    for name in RELATION_FILES:
        for tag, text in read(name):
            if tag == '=':
                word = text.split()
                relation = found[word[0]] if len(word) == 1 else found.setdefault(word[0], Relation(*word))
            elif tag == 'labels':
                relation.labels = text.split('/')
            else:
                {'say': relation.say, 'ask': relation.ask, 'say!': relation.say_unseen, 'ask!': relation.ask_unseen}[tag].append(text)
    relations = list(found.values())
    held = {normal(x) for r in relations for t in r.say_unseen + r.ask_unseen for x in expand(t)}
    generic = tagged('labels')
    for r in relations:
        r.generic_say = spelled([t.replace('{k}', k) for t in generic['say'] for k in r.nouns()], held)
        asks = generic['ask'] + (generic['ask-who'] if r.value == 'person' else generic['ask-what'])
        r.generic_ask = spelled([t.replace('{k}', k) for t in asks for k in r.nouns()], held)
        if r.entity == 'things':
            r.generic_say = r.generic_ask = []
        r.say, r.ask = spelled(r.say, held), spelled(r.ask, held)
    return relations


def spelled(templates, held):
    """One list of spellings per template, those on the held-out side removed."""
    out = [[x for x in expand(t) if normal(x) not in held] for t in templates]
    return [x for x in out if x]


RELATIONS = load_relations()
BY_ENTITY = {}
for _r in RELATIONS:
    BY_ENTITY.setdefault(_r.entity, []).append(_r)
ENTITIES = sorted(BY_ENTITY)


def confusable(a, b):
    return any(a in group and b in group for group in CONFUSABLE)
