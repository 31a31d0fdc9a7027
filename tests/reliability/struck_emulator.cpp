#include "reliability/struck_emulator.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

#include "bqconn/json/parse.hpp"
#include "reliability/scene.hpp"

namespace bqconn::reliability {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr std::string_view url = "http://127.0.0.1:1";

emulator::Options options_at(const std::atomic<milliseconds::rep>& passed) {
    emulator::Options options;
    options.identity.api_key = "made-up-key";
    options.identity.api_secret = Secret("made-up-api-secret");
    options.identity.org_id = "0123ABCD@AdobeOrg";
    options.clock = [began = system_clock::now(), &passed] { return began + milliseconds(passed); };
    return options;
}

class StruckTransport final : public http::Transport {
  public:
    using Send = std::function<http::Response(const http::Request&)>;
    explicit StruckTransport(Send send) : send_(std::move(send)) {}
    http::Response send(const http::Request& request) override { return send_(request); }

  private:
    Send send_;
};

[[noreturn]] void fail(http::Sent sent) {
    throw http::TransportError(sent, ExitCode::network, "network.reset", "the connection broke",
                               "try again");
}

bool may_change(const http::Request& request) {
    return request.method != http::Method::get && request.url.find("/ims/") == std::string::npos &&
           request.url.find("/validate") == std::string::npos;
}

}  // namespace

StruckEmulator::StruckEmulator() : emulator_(options_at(passed_)) {}

InProcess StruckEmulator::run(const std::vector<std::string>& arguments, const Strike& strike) {
    strike_ = strike;
    calls_ = 0;
    changes_ = 0;
    killed_ = false;
    Clock clock;
    clock.now = [this] { return std::chrono::steady_clock::time_point(milliseconds(passed_)); };
    clock.date = [this] {
        return std::chrono::floor<std::chrono::seconds>(emulator_.options().clock());
    };
    clock.random = [] { return 0.5; };
    clock.pause = [this](milliseconds duration) {
        passed_ += duration.count();
        return true;
    };
    const InProcess finished = run_in_process(
        arguments, settings(std::string(url), std::string(url), false),
        [this](const http::TransportOptions&) {
            return std::make_unique<StruckTransport>(
                [this](const http::Request& request) { return send(request); });
        },
        clock);
    const std::string shown = finished.out + finished.err;
    EXPECT_EQ(secret_in(shown), "");
    for (const auto& token : tokens_) {
        EXPECT_EQ(shown.find(token), std::string::npos);
    }
    return finished;
}

http::Response StruckEmulator::answer(const http::Request& request) {
    emulator::Pairs headers;
    for (const auto& [name, value] : request.headers) {
        headers.emplace_back(name, value);
    }
    const Secret authorization = request.late_authorization.valid()
                                     ? request.late_authorization.get()
                                     : request.authorization;
    if (!authorization.empty()) {
        headers.emplace_back("Authorization", authorization.reveal());
    }
    const emulator::Answer answer = emulator_.answer(
        emulator::make_request(std::string(http::name_of(request.method)),
                               request.url.substr(url.size()), headers, request.body.reveal()));
    if (const auto token = json::string_at(json::parse_or_null(answer.body), "access_token");
        !token.empty()) {
        tokens_.push_back(token);
    }
    http::Response response{answer.status, {}, answer.body};
    for (const auto& [name, value] : answer.headers) {
        response.headers.push_back({name, value});
    }
    return response;
}

http::Response StruckEmulator::send(const http::Request& request) {
    constexpr milliseconds::rep usual_delay = 20;
    constexpr std::array failures{500, 502, 503, 504, 408};
    constexpr std::array refusals{400, 403, 404, 409, 412, 422};
    if (killed_) {
        fail(http::Sent::no);
    }
    const Struck struck = strike_ ? strike_(calls_) : Struck{};
    ++calls_;
    changes_ += may_change(request) ? 1 : 0;
    passed_ += usual_delay;
    switch (struck.trouble) {
        case Trouble::none:
            break;
        case Trouble::not_connected:
            fail(http::Sent::no);
        case Trouble::closed_unread:
            fail(http::Sent::maybe);
        case Trouble::closed:
            answer(request);
            fail(http::Sent::maybe);
        case Trouble::cut: {
            http::Response response = answer(request);
            response.body.resize(response.body.size() / 2);
            return response;
        }
        case Trouble::failed_late:
            answer(request);
            [[fallthrough]];
        case Trouble::failed:
            return {failures.at(struck.variety % failures.size()), {}, "<html>Error</html>"};
        case Trouble::refused:
            return {refusals.at(struck.variety % refusals.size()), {}, "{}"};
        case Trouble::limited:
            return {429, {{"Retry-After", std::to_string(struck.variety % 3)}}, "{}"};
        case Trouble::killed_late:
            answer(request);
            [[fallthrough]];
        case Trouble::killed:
            killed_ = true;
            fail(http::Sent::no);
    }
    return answer(request);
}

}  // namespace bqconn::reliability
