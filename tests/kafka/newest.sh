#!/bin/bash
# The same with the newest Kafka that was tried.
export KAFKA_VERSION=${KAFKA_NEWEST:-4.4.0}
# shellcheck source=tests/kafka/basic.sh
. "$(dirname "$0")/basic.sh"
