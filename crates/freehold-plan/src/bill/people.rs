//! What people cost: parts of posts at a salary with what an employer pays on top of it.

use crate::{
    Figure, Unit,
    bill::{Kind, Line, months_a_year, per_month},
};

/// What a full-time post costs.
#[derive(Debug, Clone)]
pub struct Pay {
    /// The salary, in `USD/year/post`.
    pub salary: Figure,
    /// What the employer pays for each unit of salary, all in; 1.42 is usual in the United States.
    pub on_cost: Figure,
    /// What it costs to find one person, in `USD/hire`.
    pub hire: Figure,
    /// Which part of the posts is filled anew each year, in `hire/year/post`.
    pub turnover: Figure,
}

/// Which parts of posts a way to get answers takes, and what is bought from outside.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Whose posts, for their names: "run it yourself".
    pub of: String,
    /// Who answers for security, in `post`.
    pub security: Figure,
    /// Who evaluates, watches and updates, in `post`.
    pub operations: Figure,
    /// Who builds and runs, in `post`.
    pub talent: Figure,
    /// What more it takes for each replica, in `post/replica`.
    pub per_replica: Option<Figure>,
    /// Tests of security from outside, in `USD/year`.
    pub tests: Option<Figure>,
    /// Audits from outside, in `USD/year`.
    pub audits: Option<Figure>,
}

impl Pay {
    /// What one post costs a month.
    pub fn month(&self) -> Figure {
        self.salary.times(&self.on_cost).over(&months_a_year()).named("a post, a month")
    }

    /// What it costs a month to keep one post filled.
    fn keeping(&self) -> Figure {
        self.hire
            .times(&self.turnover)
            .over(&months_a_year())
            .named("keeping a post filled, a month")
    }
}

impl Staff {
    /// The three lines that people make. Hiring for all posts stands under talent.
    pub fn lines(&self, pay: &Pay) -> [Line; 3] {
        let month = pay.month();
        let line = |kind, parts: Vec<Figure>| Line {
            kind,
            fixed: Some(Figure::sum(parts, per_month())),
            per_replica: None,
            per_token: None,
            notes: Vec::new(),
        };
        let bought =
            |yearly: &Option<Figure>| yearly.as_ref().map(|one| one.over(&months_a_year()));
        let security = [self.security.times(&month)].into_iter().chain(bought(&self.tests));
        let operations = [self.operations.times(&month)].into_iter().chain(bought(&self.audits));
        let posts = self.posts();
        let talent = vec![self.talent.times(&month), posts.times(&pay.keeping())];
        let mut talent = line(Kind::Talent, talent);
        talent.per_replica = self.per_replica.as_ref().map(|each| each.times(&month));
        [
            line(Kind::Security, security.collect()),
            line(Kind::Operations, operations.collect()),
            talent,
        ]
    }

    /// All posts, without what comes with more replicas.
    pub fn posts(&self) -> Figure {
        let all = vec![self.security.clone(), self.operations.clone(), self.talent.clone()];
        Figure::sum(all, Unit::of("post")).named(format!("{}: posts", self.of))
    }
}
