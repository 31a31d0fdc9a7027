#include "bqconn/http/retry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr int too_many_requests = 429;

// The statuses that may be retried. After all but 429 the request may have been applied, so only
// reads are retried.
struct Temporary {
    int status;
    std::string_view words;
};

constexpr std::array temporary_statuses{
    Temporary{408, "request timed out"},     Temporary{too_many_requests, "too many requests"},
    Temporary{500, "internal server error"}, Temporary{502, "bad gateway"},
    Temporary{503, "service unavailable"},   Temporary{504, "gateway timed out"}};

const Temporary* find_temporary(int status) {
    const auto* const found =
        std::find_if(temporary_statuses.begin(), temporary_statuses.end(),
                     [status](const Temporary& one) { return one.status == status; });
    return found == temporary_statuses.end() ? nullptr : found;
}

constexpr std::array<std::string_view, 5> lasting_errors{code::tls_certificate, code::tls_ca_file,
                                                         code::proxy, code::answer_too_large,
                                                         code::interrupted};

milliseconds capped(seconds wait) {
    return std::clamp<milliseconds>(std::min(wait, std::chrono::ceil<seconds>(longest_retry_after)),
                                    milliseconds(0), longest_retry_after);
}

// One try: an answer or an error.
struct Try {
    std::optional<Response> response;
    std::optional<TransportError> error;

    bool may_be_retried(Retry kind) const {
        return response ? may_retry(kind, response->status) : may_retry(kind, *error);
    }
    // "platform.adobe.io responded with HTTP 429 (too many requests)", or the error's message.
    std::string cause(const Request& request) const {
        if (error) {
            return error->message();
        }
        return parse_url(request.url).host + " responded with HTTP " +
               std::to_string(response->status) + " (" +
               std::string(find_temporary(response->status)->words) + ")";
    }
    Sent sent() const { return error ? error->sent() : Sent::no; }
};

Try make_try(Transport& transport, const Request& request) {
    Try result;
    try {
        result.response = transport.send(request);
    } catch (const NotReady&) {
        throw;  // its caller repeats the call
    } catch (const TransportError& error) {
        result.error = error;
    }
    return result;
}

Response result_of(Try last) {
    if (last.error) {
        throw TransportError(*last.error);
    }
    return std::move(*last.response);
}

std::string in_seconds(milliseconds pause) {
    constexpr double milliseconds_a_second = 1000.0;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f s",
                  static_cast<double>(pause.count()) / milliseconds_a_second);
    return text.data();
}

}  // namespace

bool may_retry(Retry kind, int status) {
    if (kind == Retry::none) {
        return false;
    }
    return status == too_many_requests ||
           (kind == Retry::read && find_temporary(status) != nullptr);
}

bool may_retry(Retry kind, const TransportError& error) {
    const bool lasting = std::find(lasting_errors.begin(), lasting_errors.end(), error.code()) !=
                         lasting_errors.end();
    if (kind == Retry::none || lasting) {
        return false;
    }
    return kind == Retry::read || error.sent() == Sent::no;
}

milliseconds backoff(int tries_made, double random) {
    milliseconds bound = first_pause;
    for (int i = 1; i < tries_made && bound < longest_pause; ++i) {
        bound *= 2;
    }
    bound = std::min(bound, longest_pause);
    return milliseconds(static_cast<milliseconds::rep>(static_cast<double>(bound.count()) *
                                                       std::clamp(random, 0.0, 1.0)));
}

std::optional<milliseconds> retry_after(const Response& response, std::chrono::sys_seconds now) {
    const std::string text(trim_ascii(response.header("retry-after")));
    if (text.empty()) {
        return std::nullopt;
    }
    if (text.find_first_not_of("0123456789") == std::string::npos) {
        // More digits exceed the cap and might overflow.
        constexpr std::size_t most_digits = 9;
        const auto first = std::min(text.find_first_not_of('0'), text.size() - 1);
        const std::string digits = text.substr(first);
        return digits.size() > most_digits ? longest_retry_after
                                           : capped(seconds(std::stol(digits)));
    }
    const auto then = parse_http_date(text, now);
    if (!then) {
        return std::nullopt;
    }
    const auto date = parse_http_date(trim_ascii(response.header("date")), now);
    return capped(*then - date.value_or(now));
}

RetryingTransport::RetryingTransport(std::unique_ptr<Transport> inner, milliseconds timeout,
                                     Clock clock, Report report, Pace* pace)
    : inner_(std::move(inner)),
      timeout_(timeout),
      clock_(std::move(clock)),
      report_(std::move(report)),
      pace_(pace) {}

Response RetryingTransport::send(const Request& request) {
    const auto limit =
        std::clamp(request.timeout.value_or(timeout_), milliseconds(1), longest_call);
    const auto remaining = [this](steady_clock::time_point deadline) {
        return std::max(std::chrono::floor<milliseconds>(deadline - clock_.now()), milliseconds(1));
    };
    if (pace_ != nullptr && !pace_->wait()) {
        throw TransportError(Sent::no, ExitCode::network, code::interrupted,
                             "interrupted before the request was sent", "");
    }
    Request attempt = request;
    attempt.timeout = limit;
    attempt.in_series = request.in_series && pace_ != nullptr && pace_->is_started();
    auto deadline = clock_.now() + limit;
    // Waiting for a token or for the pace does not count towards the call's time limit.
    const auto uncounted = [&](const auto& wait) {
        const auto waiting = clock_.now();
        auto result = wait();
        deadline += clock_.now() - waiting;
        return result;
    };
    for (int tries = 1;; ++tries) {
        const auto started = clock_.now();
        Try last = make_try(*inner_, attempt);
        const auto asked =
            last.response ? retry_after(*last.response, clock_.date()) : std::nullopt;
        const milliseconds pause =
            std::max(backoff(tries, clock_.random()), asked.value_or(milliseconds(0)));
        auto slowdown = Pace::Slowdown::none;
        if (pace_ != nullptr && last.response) {
            if (find_temporary(last.response->status) == nullptr) {
                pace_->speed_up();
            } else if (asked || last.response->status == too_many_requests) {
                slowdown = pace_->slow_down(started, pause);
            }
        }
        if (tries == most_tries || !last.may_be_retried(request.retry)) {
            if (report_ && slowdown == Pace::Slowdown::begun) {
                report_(last.cause(request) + ", all calls pause for " + in_seconds(pause));
            }
            return result_of(std::move(last));
        }
        if (attempt.late_authorization.valid()) {
            // What prevented it is the error to report.
            attempt.authorization = uncounted([&] { return attempt.late_authorization.get(); });
            attempt.late_authorization = {};
        }
        const bool pauses_alone = slowdown == Pace::Slowdown::none;
        if (pauses_alone && std::chrono::floor<milliseconds>(deadline - clock_.now()) <= pause) {
            return result_of(std::move(last));
        }
        if (report_ && slowdown != Pace::Slowdown::joined) {
            report_(last.cause(request) + ", retrying in " + in_seconds(pause) + " (attempt " +
                    std::to_string(tries + 1) + " of " + std::to_string(most_tries) + ")");
        }
        if ((pauses_alone && !clock_.pause(pause)) ||
            (pace_ != nullptr && !uncounted([this] { return pace_->wait(); }))) {
            throw TransportError(last.sent(), ExitCode::network, code::interrupted,
                                 "interrupted before a retry, after " + last.cause(request), "");
        }
        attempt.timeout = remaining(deadline);
    }
}

DeadlineTransport::DeadlineTransport(std::unique_ptr<Transport> inner, milliseconds limit, Now now)
    : inner_(std::move(inner)), now_(std::move(now)), deadline_(now_() + limit) {}

Response DeadlineTransport::send(const Request& request) {
    const auto left = std::chrono::floor<milliseconds>(deadline_ - now_());
    if (left <= milliseconds(0)) {
        throw TransportError(Sent::no, ExitCode::network, "network.timeout",
                             "the time limit for all calls has expired", "");
    }
    Request limited = request;
    limited.timeout = std::min(left, request.timeout.value_or(left));
    return inner_->send(limited);
}

}  // namespace bqconn::http
