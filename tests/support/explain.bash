# shellcheck shell=bash disable=SC2154 # what tests/e2e/support.bash sets
# What the tests of explanations share, on top of tests/e2e/support.bash. Sourced.
helpers=$bin/../tests/e2e

# explain_battle: a battle in ./run with many fills, rejects (the small limit of positions) and eliminations (the
# rounds).
explain_battle() {
    crowd_battle explain 60 >battle.yaml
    crowd_day && exits 0 "$royale" run --quiet --dir run battle.yaml
}

# judged TEXT: what the judge of sentences, who knows no grammar, counts of ./out.
judged() {
    "$helpers/explain_judge" <out >judgement || { cat judgement; return 1; }
    says "$1" judgement
}
