#include "bqconn/http/retrying_transport.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "bqconn/http/retry.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_call = std::chrono::hours(24);

// One try: an answer or an error.
struct Try {
    std::optional<Response> response;
    std::optional<TransportError> error;

    bool may_be_repeated(Retry kind) const {
        return response ? may_retry(kind, response->status) : may_retry(kind, *error);
    }
    std::string name() const {
        return response ? "status " + std::to_string(response->status) : error->code();
    }
    Sent sent() const { return error ? error->sent() : Sent::no; }
};

Try make_try(Transport& transport, const Request& request) {
    Try made;
    try {
        made.response = transport.send(request);
    } catch (const TransportError& error) {
        made.error = error;
    }
    return made;
}

Response result_of(Try last) {
    if (last.error) {
        throw TransportError(*last.error);
    }
    return std::move(*last.response);
}

std::string report_of(const Try& last, milliseconds pause) {
    constexpr double milliseconds_a_second = 1000.0;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s",
                  static_cast<double>(pause.count()) / milliseconds_a_second);
    return last.name() + ", trying again in " + text.data();
}

bool wait_without_interrupt(int interrupt_fd, milliseconds pause) {
    const auto end = steady_clock::now() + pause;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now()).count();
        pollfd one{interrupt_fd, POLLIN, 0};
        // A signal ends poll early; whether it is a reason to stop, the descriptor tells.
        const int ready = poll(&one, interrupt_fd >= 0 ? 1 : 0,
                               static_cast<int>(std::max<milliseconds::rep>(left, 0)));
        if (ready > 0) {
            return false;
        }
        if (left <= 0) {
            return true;
        }
    }
}

}  // namespace

RetrySurroundings real_surroundings(int interrupt_fd) {
    RetrySurroundings real;
    real.now = [] { return steady_clock::now(); };
    real.date = [] {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    };
    real.random = [engine = std::mt19937(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<double>(0.0, 1.0)(engine);
    };
    real.pause = [interrupt_fd](milliseconds pause) {
        return wait_without_interrupt(interrupt_fd, pause);
    };
    return real;
}

RetryingTransport::RetryingTransport(std::unique_ptr<Transport> inner, milliseconds timeout,
                                     RetrySurroundings surroundings)
    : inner_(std::move(inner)), timeout_(timeout), surroundings_(std::move(surroundings)) {}

Response RetryingTransport::send(const Request& request) {
    const auto limit =
        std::clamp(request.timeout.value_or(timeout_), milliseconds(1), longest_call);
    const auto deadline = surroundings_.now() + limit;
    Request again = request;
    again.timeout = limit;
    for (int tries = 1;; ++tries) {
        Try last = make_try(*inner_, again);
        if (tries == most_tries || !last.may_be_repeated(request.retry)) {
            return result_of(std::move(last));
        }
        milliseconds pause = backoff(tries, surroundings_.random());
        if (last.response) {
            const auto asked = retry_after(*last.response, surroundings_.date());
            pause = std::max(pause, asked.value_or(milliseconds(0)));
        }
        const auto left = std::chrono::floor<milliseconds>(deadline - surroundings_.now()) - pause;
        if (left <= milliseconds(0)) {
            return result_of(std::move(last));
        }
        if (surroundings_.report) {
            surroundings_.report(report_of(last, pause));
        }
        if (!surroundings_.pause(pause)) {
            throw TransportError(last.sent(), ExitCode::network, "interrupted",
                                 "interrupted before another try, after " + last.name(), "");
        }
        again.timeout = std::max(std::chrono::floor<milliseconds>(deadline - surroundings_.now()),
                                 milliseconds(1));
    }
}

}  // namespace bqconn::http
