"""Names, numbers, dates and other values that fill the templates.

Why: the model must copy values it has never seen. Every value is hashed; one in
six is held out, so training never draws it (see `held_out`) and the evaluation
draws nothing else. Names are half invented syllables and half real names from
the lists in words.txt.
"""
import hashlib
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))
ABSENT = 'The passage does not say.'


def held_out(text):
    """True for the sixth of all values that only the evaluation may use."""
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) % 6 == 0


def load_words(path=os.path.join(HERE, 'words.txt')):
    """words.txt: a line `= name`, then comma-separated words on the lines below."""
    lists, name = {}, None
    for line in open(path, encoding='utf-8'):
        line = line.strip()
        if line.startswith('= '):
            name = line[2:]
            lists[name] = []
        elif line and not line.startswith('#'):
            lists[name] += [w.strip() for w in line.split(',') if w.strip()]
    return lists


WORDS = load_words()
ONSET = ('b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr kr pl pr sh sk sl st th tr wh y gl fr bl'.split() + [''])
NUCLEUS = 'a e i o u a e i o ai ea ee ie oo ou y au ei'.split()
CODA = ['', '', '', ''] + 'n r l s t m k d nd rk st ll ck x ng th rt lt ss p v b g'.split()
TOWN_END = ['', '', ''] + 'ton ford by ville mouth bury wick ham burg field port stad'.split()
LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
CODES = ['LL-NNNN', 'LLL-NNN', 'LNNN', 'NNNN', 'LLNNNN', 'NNN-NNN', 'LNLN', 'LL-NN-LL', 'INV-NNNN', 'NNNNN',
         'L-NNN', 'LLNN', 'PO-NNNNN']
UNITS = 'metres,cm,litres,volts,km,degrees,miles,points,bar,units,inches,feet,percent'.split(',')


class Values:
    """A seeded source of values; `unseen` picks the side of the split."""

    def __init__(self, seed, unseen=False, invented=.5):
        self.r = random.Random(seed)
        self.unseen = unseen
        self.invented = invented

    # ---- the split
    def ok(self, text):
        return held_out(text) == self.unseen

    def pick(self, name):
        """A word of a list of words.txt, on this side of the split."""
        words = WORDS[name]
        while True:
            word = self.r.choice(words)
            if self.ok(word):
                return word

    def until(self, make):
        for _ in range(400):
            value = make()
            if self.ok(value):
                return value
        raise ValueError('no value on this side of the split')

    # ---- names
    def word(self, low=1, high=3):
        r = self.r
        while True:
            n = r.randint(low, high)
            text = ''.join(r.choice(ONSET) + r.choice(NUCLEUS) + (r.choice(CODA) if i == n - 1 or r.random() < .3 else '')
                           for i in range(n)).capitalize()
            if 3 <= len(text) <= 10 and self.ok(text):
                return text

    def first(self, woman):
        return self.word() if self.r.random() < self.invented else self.pick('women' if woman else 'men')

    def last(self):
        return self.word(2, 3) if self.r.random() < self.invented else self.pick('surnames')

    def person(self):
        r = self.r
        woman, p = r.random() < .5, r.random()
        if p < .72:
            first = self.first(woman)
            return dict(kind='person', name=first + ' ' + self.last(), first=first, woman=woman)
        if p < .86:
            return dict(kind='person', name=self.first(woman), woman=woman)
        title = r.choice(['Ms', 'Mrs', 'Dr', 'Ms'] if woman else ['Mr', 'Mr', 'Dr'])
        return dict(kind='person', name=title + ' ' + self.last(), woman=woman)

    def town(self):
        r = self.r
        p = r.random()
        if p < .35:
            return self.pick('towns')
        if p < .85:
            return self.until(lambda: self.word(1, 2) + r.choice(TOWN_END))
        return r.choice(['Port ', 'New ', 'Upper ', 'Lake ', 'North ', 'Saint ', 'Old ']) + self.word(1, 2)

    def company(self):
        stem = self.word() if self.r.random() < .6 else self.last()
        return stem + self.r.choice(['', ' ' + self.r.choice(WORDS['company ends'])])

    def river(self):
        return self.word()

    def pet(self):
        return self.word() if self.r.random() < .5 else self.pick('pets')

    # ---- entities that are not people
    def noun(self):
        return self.pick('nouns')

    def phrase(self):
        p = self.r.random()
        head = self.pick('adjectives') + ' ' if p < .5 else (self.word(1, 2) + ' ' if p < .58 else '')
        return head + self.noun()

    def thing(self):
        return 'the ' + self.phrase()

    def event(self):
        p, kind = self.r.random(), self.pick('events')
        if p < .5:
            return 'the ' + self.pick('event adjectives') + ' ' + kind
        if p < .7:
            return 'the ' + kind
        if p < .9:
            return 'the ' + self.word() + ' ' + kind.title()
        return self.word(2, 3) + ' ' + self.r.choice(['Fest', 'Day', 'Cup', 'Gala', 'Week'])

    def order(self):
        kind = self.r.choice('order,invoice,order,invoice,purchase order,bill,shipment,booking,receipt,ticket,claim,parcel'.split(','))
        return kind + ' ' + (self.code() if self.r.random() < .4 else self.r.choice(['', '', 'number ', 'no. ']) + self.number(3, 6))

    def project(self):
        p = self.r.random()
        if p < .4:
            return 'Project ' + self.word()
        if p < .7:
            return 'the ' + self.word() + ' project'
        return 'the ' + self.noun() + ' ' + self.r.choice(['project', 'upgrade', 'repair', 'renewal', 'study', 'redesign', 'programme'])

    def trip(self):
        r = self.r
        p = r.random()
        if p < .5:
            kind = r.choice(['train', 'bus', 'flight', 'coach', 'tram', 'ferry', 'the train', 'the bus'])
            if kind.startswith('the '):
                return kind + ' to ' + self.town()
            return kind + ' ' + (self.number(1, 4) if r.random() < .6 else self.until(lambda: r.choice(LETTERS) + r.choice(LETTERS) + ' ' + self.digits(r.randint(2, 4))))
        if p < .75:
            return 'the ' + r.choice(['night train', 'ferry', 'express', 'ship', 'boat', 'morning bus', 'evening flight', 'shuttle']) + ' ' + self.word()
        return 'the ' + r.choice(['morning', 'evening', 'night', 'early', 'late', 'fast', 'slow', 'first', 'last']) + ' ' + r.choice(['train', 'bus', 'ferry', 'flight', 'coach', 'boat'])

    def course(self):
        p = self.r.random()
        if p < .6:
            return 'the ' + self.pick('subjects') + ' ' + self.r.choice(['course', 'class', 'lesson', 'workshop'])
        if p < .8:
            return self.pick('subjects').capitalize() + ' ' + self.number(1, 3)
        return 'the ' + self.r.choice(['beginner', 'advanced', 'evening', 'weekend', 'online']) + ' ' + self.pick('subjects') + ' ' + self.r.choice(['course', 'class'])

    def venue(self):
        p, kind = self.r.random(), self.pick('venues')
        if p < .35:
            return 'the ' + self.word() + ' ' + kind.title()
        if p < .5:
            return self.word() + ' ' + kind.title()
        if p < .75:
            return 'the ' + kind
        return 'the ' + self.pick('venue adjectives') + ' ' + kind

    def book(self):
        p, noun = self.r.random(), self.pick('book nouns')
        if p < .5:
            return 'The ' + self.pick('book adjectives') + ' ' + noun
        if p < .75:
            return self.word() + "'s " + noun
        return 'The ' + noun + ' of ' + self.word()

    def entity(self, kind):
        if kind == 'person':
            return self.person()
        if kind == 'things':
            return dict(kind=kind, name=self.plural(), where=self.place())
        return dict(kind=kind, name=getattr(self, kind)())

    # ---- numbers
    def digits(self, n):
        return ''.join(self.r.choice('0123456789') for _ in range(n))

    def number(self, low, high):
        """A number of low..high digits; those of one or two digits cannot be held out."""
        n = self.r.randint(low, high)
        if n <= 2:
            return str(self.r.randint(10 ** (n - 1), 10 ** n - 1))
        return self.until(lambda: str(self.r.randint(10 ** (n - 1), 10 ** n - 1)))

    def code(self):
        r = self.r
        form = r.choice(CODES)

        def make():
            if form.startswith(('INV', 'PO')):
                head, tail = form.split('-')
                return head + '-' + self.digits(len(tail))
            return ''.join(r.choice(LETTERS) if c == 'L' else r.choice('0123456789') if c == 'N' else c for c in form)
        return self.until(make)

    def count(self):
        r = self.r
        if r.random() < .2:
            return r.choice(WORDS['number words'])
        return self.number(1, 4) if r.random() < .85 else self.until(lambda: f'{r.randint(1000, 99999):,}')

    def age(self):
        return str(self.r.randint(17, 90))

    def year(self):
        return self.until(lambda: str(self.r.randint(1780, 2029)))

    def bignum(self):
        return self.until(lambda: self.r.choice(['{:,}', '{}']).format(self.r.randint(800, 900000)))

    def money(self):
        r = self.r

        def make():
            n = r.choice([r.randint(2, 99), r.randint(2, 99), r.randint(100, 999), r.randint(1000, 99999)])
            c = r.choice([f'{n:,}', str(n), f'{n}.{r.choice(["50", "00", "25", "75", "90", "99", "40", "15"])}', f'{n:,}.{r.randint(0, 99):02d}'])
            return r.choice([f'${c}', f'£{c}', f'€{c}', f'${c}', f'{c} euros', f'{c} dollars', f'{c} pounds', f'EUR {c}', f'{c} francs'])
        return self.until(make)

    def measure(self):
        r = self.r
        return self.until(lambda: f'{r.choice([str(r.randint(2, 950)), f"{r.randint(1, 60)}.{r.randint(1, 9)}"])} '
                                  f'{r.choice(["kg", "grams", "kilos", "pounds", "tonnes", "kilograms"])}')

    def quantity(self):
        return self.number(1, 4) + ' ' + self.r.choice(UNITS)

    def percent(self):
        return self.number(1, 2) + '%'

    def phone(self):
        r, d = self.r, self.digits
        return self.until(lambda: r.choice([
            f'555 {d(4)}', f'555-{d(4)}', d(4), f'ext. {d(3)}', f'0{d(3)} {d(6)}', f'{d(3)}-{d(3)}-{d(4)}',
            f'extension {d(3)}', d(3), f'+{r.randint(20, 99)} {d(3)} {d(4)}']))

    # ---- dates and times
    def date(self):
        r = self.r
        months = WORDS['months']

        def make():
            d, m, y = r.randint(1, 28), r.choice(months), r.randint(2018, 2031)
            w, i = r.choice(WORDS['weekdays']), months.index(m) + 1
            th = 'th' if 10 < d < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')
            return r.choice([f'{d} {m}', f'{d} {m}', f'{m} {d}', f'{m} {d}', f'{d} {m} {y}', f'{m} {d}, {y}', f'{y}-{i:02d}-{d:02d}',
                             f'{w} {d} {m}', f'{w}, {m} {d}', f'{d}{th} {m}', f'{m} {d}{th}', f'{d:02d}/{i:02d}/{y}'])
        return r.choice(WORDS['weekdays']) if r.random() < .12 else self.until(make)

    def weekday(self):
        return self.r.choice(WORDS['weekdays'])

    def time(self):
        r = self.r

        def make():
            h, m, day = r.randint(1, 12), r.choice(range(0, 60, 5)), r.randint(6, 23)
            half = r.choice(['am', 'pm'])
            return r.choice([f'{h}:{m:02d} {half}', f'{h}:{m:02d}', f'{day}:{m:02d}', f'{day:02d}:{m:02d}', f'{h} {half}', f'{h}{half}',
                             f"{h} o'clock", f'{h}.{m:02d} {half}'])
        return r.choice(WORDS['spoken times']) if r.random() < .06 else self.until(make)

    def duration(self):
        r = self.r
        if r.random() < .08:
            return r.choice(['half an hour', 'an hour', 'a week', 'a day', 'an hour and a half', 'a month', 'a year'])
        return self.until(lambda: f'{r.choice([str(r.randint(2, 90)), r.choice(WORDS["number words"])])} '
                                  f'{r.choice(["minutes", "hours", "days", "weeks", "minutes", "hours", "months"])}')

    # ---- closed lists
    def job(self): return self.pick('jobs')
    def language(self): return self.pick('languages')
    def food(self): return self.pick('foods')
    def product(self): return self.pick('products')
    def plural(self): return self.pick('plurals')
    def goods(self): return self.count() + ' ' + self.plural()
    def color(self): return self.pick('colours')
    def material(self): return self.pick('materials')
    def topic(self): return self.pick('topics')

    def reason(self):
        r, p = self.r, self.r.random()
        if p < .4:
            return self.until(lambda: r.choice(['heavy', 'bad', 'sudden', 'strong']) + ' ' + r.choice('snow,rain,wind,fog,ice,storms,traffic,weather,smoke,frost'.split(',')))
        if p < .7:
            return self.until(lambda: 'a ' + r.choice(WORDS['faults']) + ' ' + r.choice(WORDS['faulty parts']))
        return self.pick('reasons')

    def place(self):
        r, p = self.r, self.r.random()
        if p < .4:
            return 'the ' + self.pick('rooms')
        if p < .55:
            return r.choice(['Room', 'Hall', 'Building', 'Office', 'Studio', 'Block', 'Lab', 'Hangar']) + ' ' + r.choice(
                [self.number(1, 3), r.choice('ABCDEFGHJKLM'), r.choice('ABCDEFG') + self.number(1, 2)])
        if p < .7:
            return 'the ' + self.word() + ' ' + r.choice(['Room', 'Hall', 'Centre', 'Building', 'Theatre', 'Hotel', 'Park', 'House', 'Tower', 'Library'])
        if p < .82:
            return self.town()
        if p < .9:
            return self.word() + ' ' + r.choice(['Hall', 'House', 'Park', 'Square', 'Court', 'Castle'])
        return r.choice(['locker', 'cabinet', 'drawer', 'room', 'bay', 'shed', 'warehouse', 'garage', 'box', 'hut', 'zone', 'shelf', 'rack']) + ' ' + r.choice(
            [self.number(1, 3), r.choice('ABCDEFGHJKLM')])

    def platform(self):
        r = self.r
        return r.choice(['platform', 'gate', 'bay', 'pier', 'stop', 'Gate', 'Platform']) + ' ' + r.choice(
            [self.number(1, 2), r.choice('ABCDEFGH'), r.choice('ABCDEF') + self.number(1, 2)])

    def address(self):
        r = self.r
        return self.until(lambda: f'{r.randint(1, 299)} {self.word()} {r.choice(["Street", "Road", "Lane", "Avenue", "Square", "Way", "Drive", "Hill"])}')

    def value(self, kind):
        made = getattr(self, kind)()
        return made['name'] if isinstance(made, dict) else made
