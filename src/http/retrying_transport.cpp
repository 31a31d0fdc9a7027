#include "bqconn/http/retrying_transport.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
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

// While the value of the late header is still being fetched. None if it ended before that was
// there.
std::optional<Try> make_early_try(Transport& transport, const Request& request) {
    try {
        return Try{transport.send(request), {}};
    } catch (const NotReady&) {
        return {};
    } catch (const TransportError& error) {
        return Try{{}, error};
    }
}

void wait_for_late_header(Request& request) {
    request.headers.push_back({request.late->name, request.late->value.get(), false});
    request.late.reset();
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

}  // namespace

RetryingTransport::RetryingTransport(std::unique_ptr<Transport> inner, milliseconds timeout,
                                     Clock clock, Report report)
    : inner_(std::move(inner)),
      timeout_(timeout),
      clock_(std::move(clock)),
      report_(std::move(report)) {}

Response RetryingTransport::send(const Request& request) {
    const auto limit =
        std::clamp(request.timeout.value_or(timeout_), milliseconds(1), longest_call);
    const auto remaining = [this](steady_clock::time_point deadline) {
        return std::max(std::chrono::floor<milliseconds>(deadline - clock_.now()), milliseconds(1));
    };
    Request again = request;
    again.timeout = limit;
    auto begun = clock_.now();
    std::optional<Try> early;
    if (request.late) {
        early = make_early_try(*inner_, again);
        // Waiting for the value behind that is no part of the call.
        const auto taken = clock_.now() - begun;
        wait_for_late_header(again);
        begun = clock_.now() - taken;
        again.timeout = remaining(begun + limit);
    }
    const auto deadline = begun + limit;
    for (int tries = 1;; ++tries) {
        Try last = early ? *std::exchange(early, std::nullopt) : make_try(*inner_, again);
        if (tries == most_tries || !last.may_be_repeated(request.retry)) {
            return result_of(std::move(last));
        }
        milliseconds pause = backoff(tries, clock_.random());
        if (last.response) {
            const auto asked = retry_after(*last.response, clock_.date());
            pause = std::max(pause, asked.value_or(milliseconds(0)));
        }
        const auto left = std::chrono::floor<milliseconds>(deadline - clock_.now()) - pause;
        if (left <= milliseconds(0)) {
            return result_of(std::move(last));
        }
        if (report_) {
            report_(report_of(last, pause));
        }
        if (!clock_.pause(pause)) {
            throw TransportError(last.sent(), ExitCode::network, "interrupted",
                                 "interrupted before another try, after " + last.name(), "");
        }
        again.timeout = remaining(deadline);
    }
}

}  // namespace bqconn::http
