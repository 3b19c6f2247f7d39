//! Landlock: of all files, only the named ones may be read, and nothing may be written, listed or
//! run; no TCP port may be bound or connected to; no signals and abstract sockets leave the domain.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};

use super::linux::because;

/// Restricts this thread and all that it starts.
pub(super) fn only(files: &[String]) -> Result<(), String> {
    if cfg!(feature = "cuda") {
        return Err(
            "not available with CUDA: its driver opens devices and files of its own".to_owned()
        );
    }
    let status = restrict(files).map_err(|error| because(&error))?;
    match status {
        RulesetStatus::NotEnforced => {
            Err("not available: this kernel has no Landlock (CONFIG_SECURITY_LANDLOCK)".to_owned())
        }
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}

fn restrict(files: &[String]) -> Result<RulesetStatus, RulesetError> {
    // The newest set of rights that this code knows; older kernels enforce what they have.
    let newest = ABI::V6;
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))?
        .handle_access(AccessNet::from_all(newest))?
        .scope(Scope::from_all(newest))?
        .create()?;
    for file in files {
        // A file that cannot be opened here cannot be loaded later either, with a better message.
        if let Ok(opened) = PathFd::new(file) {
            rules = rules.add_rule(PathBeneath::new(opened, AccessFs::ReadFile))?;
        }
    }
    Ok(rules.restrict_self()?.ruleset)
}
