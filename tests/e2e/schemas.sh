#!/bin/bash
# What other programs are told of rows: a .proto that Google's compiler takes and that has every golden message to the
# last byte, and tables of ClickHouse with the members of the JSON Schema.
# shellcheck source=tests/e2e/support.bash
. "$(dirname "$0")/support.bash"

"$royale" rows --proto >royale.proto
"$royale" rows --schema >schema
"$royale" rows --clickhouse >tables.sql
check "protoc takes the .proto" protoc --proto_path=. --descriptor_set_out=set royale.proto

if has python3; then
    check "each golden message goes through it and comes out again" \
        python3 "$tree/tests/e2e/schemas.py" golden royale.proto "$tree"/tests/unit/kafka/golden/*.txt
    check "each table has the members of its row" python3 "$tree/tests/e2e/schemas.py" tables schema tables.sql
else
    skip "each golden message goes through it and comes out again" "python3 is absent"
    skip "each table has the members of its row" "python3 is absent"
fi

done_testing
