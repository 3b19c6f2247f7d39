"""How other scanners do on the same folders: for each family, how many files they flag.
    score_peers.py NAME PROGRAM FOLDER...
NAME is picklescan, modelscan, modelaudit or fickling; PROGRAM its command, for fickling its python."""
import collections, json, re, subprocess, sys
from pathlib import Path

FICKLING = """
import sys
from fickling.fickle import Pickled, StackedPickle
from fickling.analysis import check_safety, Severity
for path in sys.stdin.read().split("\\n"):
    try:
        with open(path, "rb") as file:
            found = [check_safety(one).severity for one in StackedPickle.load(file)]
        worst = max(found, key=lambda one: one.value[0])
        print(("flagged" if worst > Severity.LIKELY_SAFE else "clean"), path, flush=True)
    except Exception:
        print("unread", path, flush=True)
"""


def flagged(name, program, folder):
    """Paths that are flagged, relative to the folder."""
    if name == "fickling":
        paths = "\n".join(str(one) for one in folder.rglob("*") if one.is_file())
        said = subprocess.run([program, "-c", FICKLING], input=paths, stdout=subprocess.PIPE, text=True, check=True).stdout
        return {line.split(" ", 1)[1] for line in said.splitlines() if line.startswith("flagged")}
    if name == "picklescan":
        said = subprocess.run([program, "-p", folder], capture_output=True, text=True)
        return {line.split(":")[0] for line in (said.stdout + said.stderr).splitlines() if ": dangerous import" in line}
    if name == "modelscan":
        said = subprocess.run([program, "-p", folder, "-r", "json"], capture_output=True, text=True).stdout
        report = json.loads(said[said.index("{"):].replace("\n", ""))
        return {str(folder / issue["source"].split(":")[0]) for issue in report["issues"]}
    said = subprocess.run([program, "scan", folder, "--format", "json"], capture_output=True, text=True).stdout
    report = json.loads(said[said.index("{"):])
    bad = (issue for issue in report.get("issues", []) if issue.get("severity") in ("critical", "error"))
    return {re.split(r"\s\(|:", issue.get("location") or "")[0] for issue in bad}


name, program = sys.argv[1:3]
for folder in map(Path, sys.argv[3:]):
    found = {str(Path(one).resolve()) for one in flagged(name, program, folder)}
    manifest = folder / "manifest.json"
    label = {str((folder / one["path"]).resolve()): (one["label"], one["family"]) for one in json.loads(manifest.read_text())} if manifest.exists() else {}
    counts = collections.defaultdict(lambda: [0, 0])
    for path in folder.rglob("*"):
        if path.is_file() and path != manifest:
            kind = label.get(str(path.resolve()), ("ordinary", "files"))
            for key in {kind, (kind[0], "all")}:
                counts[key][0] += 1
                counts[key][1] += str(path.resolve()) in found
    for (kind, family), (files, bad) in sorted(counts.items()):
        print(f"{name:<11} {folder.name:<9} {kind:<10} {family:<10} {files:5} files {bad:5} flagged {100 * bad / files:5.1f} %", flush=True)
