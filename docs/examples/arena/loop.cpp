// A plain matching loop in C++: 200,000 orders and cancels of two agents over four instruments, hinted ahead, counted, hashed.
// c++ loop.cpp $(pkg-config --cflags --libs royale-arena)
#include <royale/arena.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

constexpr std::uint16_t instruments = 4, agents = 2;
constexpr std::int64_t opens = 1000;
constexpr std::size_t ahead = 16; // inputs between a hint and its apply
constexpr unsigned commands = 200000;

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};

// Memory and the machine in it. For large ones take mmap instead: pages that are never touched cost nothing.
class Exchange {
    std::unique_ptr<void, Free> memory;
    ry_arena_sink sink{};

  public:
    ry_arena *arena = nullptr;
    std::uint64_t fills = 0, lots = 0;

    explicit Exchange(const ry_input_any &battle)
    {
        const std::size_t bytes = ry_arena_footprint(&battle.battle);
        const std::size_t whole = (bytes + RY_ISOLATION - 1) / RY_ISOLATION * RY_ISOLATION;
        memory.reset(std::aligned_alloc(RY_ISOLATION, whole));
        if (!memory)
            std::abort();
        std::memset(memory.get(), 0, whole);
        arena = ry_arena_create(memory.get(), bytes, &battle.battle);
        sink.context = this;
        sink.report = [](void *context, const ry_report *report) {
            auto *self = static_cast<Exchange *>(context);
            if (report->kind == RY_RP_FILL && !(report->flags & RY_RPF_MAKER)) {
                self->fills++;
                self->lots += report->qty;
            }
        };
        apply(battle);
    }
    Exchange(const Exchange &) = delete; // the sink knows where it lies
    Exchange &operator=(const Exchange &) = delete;

    void apply(const ry_input_any &input) { ry_arena_apply(arena, &input, &sink); }
};

class Random {
    std::uint64_t state = 42;

  public:
    unsigned below(unsigned limit)
    {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<unsigned>((state >> 32) * limit >> 32);
    }
};

// Orders around 100.00 and cancels of recent ones, the same in each run.
std::vector<ry_input_any> flow()
{
    std::vector<ry_input_any> inputs(commands);
    std::uint64_t cl_ord_id[agents] = {}, seq[agents] = {};
    std::int64_t time = opens;
    Random random;
    for (ry_input_any &input : inputs) {
        const auto agent = static_cast<std::uint16_t>(random.below(agents));
        std::uint64_t &last = cl_ord_id[agent];
        time++;
        seq[agent]++;
        if (last >= 8 && random.below(5) < 2) {
            ry_arena_input_order_cancel(&input, time, agent, seq[agent], last - random.below(8));
            continue;
        }
        const auto instrument = static_cast<std::uint16_t>(random.below(instruments));
        const ry_side side = random.below(2) ? RY_BUY : RY_SELL;
        const std::int64_t price = 9990 + random.below(21);
        const std::uint32_t qty = 1 + random.below(100);
        ry_arena_input_order(&input, time, agent, seq[agent], ++last, instrument, side, price, qty, 0);
    }
    return inputs;
}

} // namespace

int main()
{
    ry_input_any in;
    ry_arena_input_battle(&in, opens, RY_TIME_NEVER, instruments, agents, 1u << 18);
    Exchange exchange(in);
    for (std::uint16_t i = 0; i < instruments; i++) {
        ry_arena_input_instrument(&in, opens, i, "RY", 2, 1, RY_MONEY_UNIT / 100);
        exchange.apply(in);
    }
    for (std::uint16_t agent = 0; agent < agents; agent++) {
        ry_arena_input_agent(&in, opens, agent, "agent", 1000000000 * RY_MONEY_UNIT);
        exchange.apply(in);
    }
    ry_arena_input_time(&in, opens, 1);
    exchange.apply(in);
    for (std::uint16_t i = 0; i < instruments; i++) {
        ry_arena_input_last(&in, opens, i + 1u, i, 10000, 1);
        exchange.apply(in);
    }

    const std::vector<ry_input_any> inputs = flow();
    for (std::size_t i = 0; i < inputs.size(); i++) {
        if (i + ahead < inputs.size())
            ry_arena_hint(exchange.arena, &inputs[i + ahead]);
        exchange.apply(inputs[i]);
    }

    // struct: functions of the same name are there too.
    const struct ry_arena_counters *counters = ry_arena_counters(exchange.arena);
    std::printf("%" PRIu64 " commands, %" PRIu64 " refused, %" PRIu64 " malformed\n", counters->commands, counters->rejects,
                counters->malformed);
    std::printf("%" PRIu64 " fills of %" PRIu64 " lots\n", exchange.fills, exchange.lots);
    std::printf("the ledger %s\n", ry_arena_conserves(exchange.arena) ? "conserves" : "does not conserve");
    std::printf("state %016" PRIx64 "\n", ry_arena_state_hash(exchange.arena));
}
