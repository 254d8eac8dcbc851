"""Looks into Kubernetes' manifests: what no schema says of them, and what the tests run of them.

usage: manifests.py FILE ...                    each pod keeps to the standard `restricted`
       manifests.py --args CONTAINER INDEX FILE what that container is started with, a word a line
       manifests.py --battles FILE FOLDER       writes the files of a ConfigMap
"""
import pathlib
import sys

import yaml


def pod_of(manifest):
    return manifest["spec"]["template"]["spec"]


def containers_of(pod):
    return pod.get("initContainers", []) + pod["containers"]


def breaches(manifest):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/, restricted; and a read-only root."""
    pod = pod_of(manifest)
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(key):
            yield key
    own = pod.get("securityContext", {})
    if own.get("runAsNonRoot") is not True or own.get("runAsUser", 0) == 0:
        yield "runs as root"
    if own.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "no seccomp profile"
    for volume in pod.get("volumes", []):
        if set(volume) - {"name"} - {"configMap", "emptyDir", "persistentVolumeClaim", "secret", "projected"}:
            yield f"volume {volume['name']}"
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    for container in containers_of(pod):
        context = container.get("securityContext", {})
        if context.get("allowPrivilegeEscalation") is not False:
            yield f"{container['name']}: allowPrivilegeEscalation"
        if context.get("capabilities") != {"drop": ["ALL"]}:
            yield f"{container['name']}: capabilities"
        if context.get("readOnlyRootFilesystem") is not True:
            yield f"{container['name']}: readOnlyRootFilesystem"
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield f"{container['name']}: no limit of memory"
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{container['name']}: no volume {mount['name']}"
    if manifest["kind"] == "Job":
        yield from indexed(manifest["spec"])


def indexed(spec):
    names = {container["name"] for container in containers_of(spec["template"]["spec"])}
    if spec.get("completionMode") != "Indexed":
        yield "not Indexed"
    # Kubernetes takes a policy of failures only beside Never.
    if spec["template"]["spec"].get("restartPolicy") != "Never":
        yield "restartPolicy"
    for rule in spec["podFailurePolicy"]["rules"]:
        name = rule.get("onExitCodes", {}).get("containerName")
        if name is not None and name not in names:
            yield f"no container {name}"
    if not any("$(JOB_COMPLETION_INDEX)" in word for word in args_of(spec["template"]["spec"], "battle")):
        yield "no battle names its index"


def args_of(pod, name):
    return next(container["args"] for container in containers_of(pod) if container["name"] == name)


def load(path):
    return yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8"))


def main(words):
    if words[0] == "--args":
        for word in args_of(pod_of(load(words[3])), words[1]):
            print(word.replace("$(JOB_COMPLETION_INDEX)", words[2]))
        return 0
    if words[0] == "--battles":
        folder = pathlib.Path(words[2])
        folder.mkdir()
        for name, text in load(words[1])["data"].items():
            (folder / name).write_text(text, encoding="utf-8")
        return 0
    found = [f"{path}: {breach}" for path in words for breach in breaches(load(path))]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
