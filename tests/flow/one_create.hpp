// One create_once() against a scripted service, with a clock that only sleeps advance.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bqconn/flow/create_once.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow::one_create {

// A clock that only sleeps advance.
struct FakeClock {
    std::chrono::steady_clock::time_point time{};
    std::vector<std::chrono::milliseconds> sleeps;
    bool is_stopped = false;  // a signal has arrived
    Clock clock() {
        return {.now = [this] { return time; },
                .date = [] { return std::chrono::sys_seconds(); },
                .random = [] { return 0.5; },
                .pause =
                    [this](std::chrono::milliseconds duration) {
                        sleeps.push_back(duration);
                        time += duration;
                        return !is_stopped;
                    }};
    }
};

// The service's clock is far from the local one.
inline constexpr std::int64_t service_time = 1'700'000'000'000;
inline constexpr const char* service_date = "Tue, 14 Nov 2023 22:13:20 GMT";

inline std::string item(const std::string& id, std::int64_t created_at,
                        const std::string& name = "Warehouse") {
    return R"({"id":")" + id + R"(","etag":"\"e-)" + id + R"(\"","name":")" + name +
           R"(","createdAt":)" + std::to_string(created_at) + "}";
}

inline void answer_list(tests::FakeTransport& transport, const std::string& items,
                        const std::string& date = service_date) {
    transport.answer(200, R"({"items":[)" + items + "]}", {{"Date", date}});
}

inline CreateResult run(tests::FakeTransport& transport, FakeClock& clock,
                        const CreateOptions& options = {}) {
    FlowService service = tests::service_over(transport);
    return create_once(service, tests::basic_connection(), options, clock.clock());
}

}  // namespace bqconn::flow::one_create
