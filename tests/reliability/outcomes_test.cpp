// Every HTTP status and libcurl code, at every call of every verb, against the exit codes in
// docs/cli.md: each is mapped and none to "internal". flow/change_test.cpp and
// http/curl_errors_test.cpp check the meaning of each.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "bqconn/cli/run.hpp"
#include "bqconn/http/answer.hpp"
#include "http/curl_errors.hpp"
#include "reliability/in_process.hpp"
#include "reliability/scene.hpp"

namespace bqconn::reliability {
namespace {

// A service without a socket: it answers every call well except the faulty one.
class PlayedTransport final : public http::Transport {
  public:
    using Strike = std::function<http::Response()>;
    using Counts = std::array<int, endpoint_count>;
    PlayedTransport(Endpoint struck, Strike strike, Counts& posts)
        : struck_(struck), strike_(std::move(strike)), posts_(posts) {}

    http::Response send(const http::Request& request) override {
        const Endpoint endpoint = endpoint_of(http::name_of(request.method), request.url);
        posts_.at(static_cast<std::size_t>(endpoint)) += changes(endpoint) ? 1 : 0;
        if (endpoint == struck_) {
            return strike_();
        }
        const Good good = good_answer(endpoint);
        return {std::stoi(good.status), {}, good.body};
    }

  private:
    Endpoint struck_;
    Strike strike_;
    Counts& posts_;
};

struct Ended {
    int status;
    int posts;  // of the change that was sent most often
    std::string err;
};

Ended run_played(const Verb& verb, Endpoint struck, const PlayedTransport::Strike& strike) {
    PlayedTransport::Counts posts{};
    const InProcess finished =
        run_in_process(verb.arguments, settings("https://platform.test", "https://ims.test", false),
                       [&](const http::TransportOptions&) {
                           return std::make_unique<PlayedTransport>(struck, strike, posts);
                       });
    return {finished.status, *std::max_element(posts.begin(), posts.end()), finished.err};
}

std::vector<Endpoint> all_calls(const Verb& verb) {
    std::vector<Endpoint> calls{Endpoint::token};
    calls.insert(calls.end(), verb.calls.begin(), verb.calls.end());
    return calls;
}

bool is_documented(int status) {
    const auto rows = exit_codes();
    return std::any_of(rows.begin(), rows.end(), [status](const ExitCodeRow& row) {
        return static_cast<int>(row.code) == status;
    });
}

bool may_have_been_applied(int status) {
    return status == 408 || status >= 500 || (status < 400 && status != 307 && status != 308);
}

TEST(EveryOutcome, OfEveryStatusAtEveryCall) {
    for (const Verb& verb : verbs()) {
        for (const Endpoint call : all_calls(verb)) {
            for (int status = 100; status < 600; ++status) {
                const Good good = good_answer(call);
                const Ended ended = run_played(verb, call, [&] {
                    return http::Response{status, {}, good.body};
                });
                SCOPED_TRACE(verb.name + ", HTTP " + std::to_string(status) + ": " + ended.err);
                const bool change = changes(call);
                const bool success =
                    std::stoi(good.status) == status || takes_any_success(call, status);
                ASSERT_TRUE(is_documented(ended.status));
                ASSERT_NE(ended.status, 1);
                const int code = static_cast<int>(http::exit_code_of_status(status));
                const bool shown = exit_code_of(verb, call, code) == 0;
                ASSERT_EQ(ended.status == 0, success || shown);
                const bool unknown = change && !success && may_have_been_applied(status);
                ASSERT_EQ(ended.status == 10, unknown && exit_code_of(verb, call, 10) == 10);
                ASSERT_LE(ended.posts, !change ? 1 : status == 429 ? 4 : status == 401 ? 2 : 1);
            }
        }
    }
}

TEST(EveryOutcome, OfEveryCodeOfLibcurlBeforeAndAfterTheRequestLeft) {
    for (const Verb& verb : verbs()) {
        for (const Endpoint call : all_calls(verb)) {
            for (int code = 1; code < CURL_LAST; ++code) {
                for (const bool left : {false, true}) {
                    const http::Failure failure = http::classify(code, left);
                    const Ended ended = run_played(verb, call, [&]() -> http::Response {
                        throw http::TransportError(failure.sent, failure.exit_code,
                                                   std::string(failure.code), "struck", "");
                    });
                    SCOPED_TRACE(verb.name + ", code " + std::to_string(code) + ": " + ended.err);
                    const int expected = exit_code_of(
                        verb, call,
                        changes(call) && left ? 10 : static_cast<int>(failure.exit_code));
                    ASSERT_EQ(ended.status, expected);
                    ASSERT_TRUE(expected == 11 || expected == 3 || expected == 9 ||
                                expected == 10 || expected == 14);
                    ASSERT_LE(ended.posts, left ? 1 : 4);
                }
            }
        }
    }
}

}  // namespace
}  // namespace bqconn::reliability
