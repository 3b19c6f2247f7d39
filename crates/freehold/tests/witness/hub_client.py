"""Pulls a repository as huggingface_hub does, so that the tests' hub is known to be one.

Usage: hub_client.py ENDPOINT REPOSITORY FOLDER   Prints the commit, and each file's name and SHA-256.
"""

import hashlib
import os
import pathlib
import sys

endpoint, repository, folder = sys.argv[1:4]
os.environ.update(HF_HOME=folder + "/home", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_XET="1")

from huggingface_hub import HfApi, snapshot_download  # noqa: E402

api = HfApi(endpoint=endpoint, token=os.environ.get("TOKEN") or False)
print(api.model_info(repository).sha)
listed = sorted(entry.path for entry in api.list_repo_tree(repository, recursive=True))
snapshot_download(
    repository, endpoint=endpoint, local_dir=folder + "/model", token=api.token, max_workers=2
)
root = pathlib.Path(folder, "model")
for name in listed:
    print(name, hashlib.sha256((root / name).read_bytes()).hexdigest())
