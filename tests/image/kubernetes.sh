#!/bin/bash
# Kubernetes' manifests: valid for the releases of Kubernetes from the first that has all of it, within the strictest
# standard for pods; and what the Job says for each index, run as it says it, in a container as closed as the pod.

# shellcheck source=tests/image/image.bash
. "$(dirname "$0")/image.bash"
manifests=$tree/tools/package/kubernetes

# 1.33 is the first in which a limit of retries for an index is no beta.
valid() {
    local file release
    for release in 1.33.0 1.35.0 1.37.0; do
        for file in "$manifests"/*.yaml; do
            [ "${file##*/}" = kustomization.yaml ] || "$IMAGE_CHECKERS/kubernetes-validate" --quiet --strict -k "$release" "$file" || return 1
        done
    done
}

# A checker that accepts all would be none.
refuses_mistakes() {
    sed 's/completions: 3/completion: 3/' "$manifests/job.yaml" >mistake.yaml
    ! "$IMAGE_CHECKERS/kubernetes-validate" --quiet --strict mistake.yaml >out 2>&1 || return 1
    sed 's/drop: \[ALL\]/drop: [CHOWN]/' "$manifests/job.yaml" >mistake.yaml
    ! "$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" mistake.yaml >out 2>&1 || { cat out; return 1; }
}

restricted() {
    "$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" "$manifests"/{job,web}.yaml
}

whole() {
    kubectl kustomize "$manifests" >out && says 'image: registry.example.com/royale:latest' out &&
        ! grep -q '^ *image: royale$' out
}

# The battle files of the ConfigMap, and the day, as the pod has them.
laid_out() {
    "$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" --battles "$manifests/battles.yaml" battles || return 1
    shared data results
    mapfile -t words < <("$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" --args day 0 "$manifests/job.yaml")
    (contained -v "$work/data:/data" -- "${words[@]}") >out 2>err || { cat out err; return 1; }
}

index_runs() {
    local words
    mapfile -t words < <("$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" --args battle "$1" "$manifests/job.yaml")
    (contained -v "$work/battles:/battles:ro" -v "$work/data:/data:ro" -v "$work/results:/results" -- "${words[@]}") >out 2>err ||
        { cat out err; return 1; }
    says 'verified: the journal gives the same hashes' out && says '"complete": true' results/batch-"$1"-*/results.json
}

# Another try of a pod finds what the first one left, and does not stumble over it.
tried_again() {
    index_runs 0 && [ "$(find results -maxdepth 1 -name 'batch-0-*' | wc -l)" = 2 ]
}

codes_are_those() {
    mapfile -t words < <("$IMAGE_CHECKERS/python" "$tree/tests/image/manifests.py" --args battle 9 "$manifests/job.yaml")
    (contained -v "$work/battles:/battles:ro" -v "$work/results:/results" -- "${words[@]}") >out 2>err
    code=$?
    cat out err
    sed -n '/containerName: battle/s/.*values: //p' "$manifests/job.yaml" | grep -w "$code"
}

if [ -n "$IMAGE_CHECKERS_WHY" ]; then
    skipped "Kubernetes' manifests" "$IMAGE_CHECKERS_WHY"
    done_testing
    exit
fi
check "kubernetes-validate finds nothing" valid
check "pods keep to the standard restricted, and indexes name battles" restricted
check "mistakes are found" refuses_mistakes
if has kubectl; then check "kubectl makes one of them" whole; else skipped "kubectl makes one of them" "there is no kubectl: Debian has none"; fi
why=$(have_image)
if [ -n "$why" ]; then
    skipped "each index runs" "$why"
else
    check "the day is made as the Job says it" laid_out
    for index in 0 1 2; do
        check "index $index runs as the Job says it" index_runs $index
    done
    check "an index that is tried again has a folder of its own" tried_again
    check "a battle file that is not there ends an index for good" codes_are_those
fi
done_testing
