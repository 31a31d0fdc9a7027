#include "bqconn/http/logging_transport.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/redactor.hpp"
#include "support/http_call.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;

class FixedTransport final : public Transport {
  public:
    explicit FixedTransport(test::Outcome outcome) : outcome_(std::move(outcome)) {}
    Response send(const Request&) override {
        if (outcome_.error) {
            throw TransportError(*outcome_.error);
        }
        return *outcome_.response;
    }

  private:
    test::Outcome outcome_;
};

struct Log {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger;

    explicit Log(spdlog::level::level_enum level = spdlog::level::debug) {
        logger = std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text));
        logger->set_pattern("%l %v");
        logger->set_level(level);
    }
};

// Each read of the clock takes 21 ms.
Now ticking() {
    return [time = std::chrono::steady_clock::time_point()]() mutable {
        return time += milliseconds(21);
    };
}

std::string log_of(const Request& request, const test::Outcome& outcome,
                   const LoggingTransport::Cleaner& cleaner) {
    Log log;
    LoggingTransport transport(std::make_unique<FixedTransport>(outcome), log.logger, cleaner,
                               ticking());
    EXPECT_EQ(test::call(transport, request).text(), outcome.text());
    return log.text.str();
}

std::string inert(std::string_view text) {
    return inert_line(text);
}

Request canary_request() {
    Request request = test::post(
        "https://platform.example:8443/data/connections?property=name%3D%3Dcanary&limit=canary",
        "{\"clientSecret\":\"canary\"}");
    request.authorization = Secret("Bearer canary");
    request.headers = {{"x-api-key", "canary"},
                       {"X-Unknown", "canary"},
                       {"Content-Type", "application/json"},
                       {"X-Sandbox-Name", "prod"}};
    return request;
}

test::Outcome canary_answer() {
    test::Outcome outcome;
    Response& response = outcome.response.emplace();
    response.status = 201;
    response.headers = {{"x-request-id", "abc\x1b[31m"},
                        {"Set-Cookie", "canary"},
                        {"Location", "/connections/canary"},
                        {"Content-Type", "application/json"}};
    response.body = "{\"canary\":1}";
    return outcome;
}

TEST(LoggingTransport, WhatIsShown) {
    EXPECT_EQ(log_of(canary_request(), canary_answer(), inert),
              "debug > POST https://platform.example:8443/data/connections"
              "?property=[redacted]&limit=[redacted], 25 bytes\n"
              "debug > x-api-key: [redacted]\n"
              "debug > X-Unknown: [redacted]\n"
              "debug > Content-Type: application/json\n"
              "debug > X-Sandbox-Name: prod\n"
              "debug > Authorization: [redacted]\n"
              "debug < 201 after 21 ms, 12 bytes, x-request-id abc\xef\xbf\xbd[31m\n"
              "debug < x-request-id: abc\xef\xbf\xbd[31m\n"
              "debug < Set-Cookie: [redacted]\n"
              "debug < Location: [redacted]\n"
              "debug < Content-Type: application/json\n");
}

TEST(LoggingTransport, EveryLineIsCleaned) {
    Redactor redactor;
    redactor.add(Secret("canary-token"));
    const auto cleaner = [&](std::string_view line) { return inert_line(redactor.redact(line)); };
    Request request = canary_request();
    request.url = "https://canary-token.example/canary-token?canary-token";
    request.headers = {{"User-Agent", "canary-token"}};
    test::Outcome answered = canary_answer();
    answered.response->headers = {{"X-Request-Id", "canary-token\r\n::stop-commands::"},
                                  {"canary-token", "x"}};
    test::Outcome failed;
    failed.error.emplace(Sent::maybe, ExitCode::network, "network.reset", "canary-token broke", "");
    for (const auto& outcome : {answered, failed}) {
        const std::string log = log_of(request, outcome, cleaner);
        EXPECT_EQ(log.find("canary-token"), std::string::npos) << log;
        EXPECT_EQ(log.find("\n::"), std::string::npos) << log;
        EXPECT_NE(log.find("[redacted]"), std::string::npos) << log;
    }
}

TEST(LoggingTransport, Errors) {
    test::Outcome outcome;
    outcome.error.emplace(Sent::no, ExitCode::network, "network.dns", "cannot resolve host", "");
    EXPECT_EQ(log_of(test::get("https://a.example/"), outcome, inert),
              "debug > GET https://a.example/, 0 bytes\n"
              "debug < network.dns after 21 ms, not sent: cannot resolve host\n");
    outcome.error.emplace(Sent::maybe, ExitCode::network, "network.reset", "it broke", "");
    EXPECT_NE(log_of(test::get("no url canary"), outcome, inert).find("may have been sent"),
              std::string::npos);
    EXPECT_EQ(log_of(test::get("no url canary"), outcome, inert).find("canary"), std::string::npos);
}

TEST(LoggingTransport, SilentAboveDebug) {
    Log log(spdlog::level::info);
    const auto cleaner = [](std::string_view) -> std::string {
        ADD_FAILURE() << "an unused log line was formatted";
        return {};
    };
    LoggingTransport transport(std::make_unique<FixedTransport>(canary_answer()), log.logger,
                               cleaner);
    EXPECT_EQ(test::call(transport, canary_request()).text(), "201");
    EXPECT_EQ(log.text.str(), "");
}

TEST(LoggingTransport, BracesAreNoFormat) {
    test::Outcome outcome = canary_answer();
    outcome.response->headers = {{"x-request-id", "{} {0:s} %v"}};
    EXPECT_NE(log_of(canary_request(), outcome, inert).find("{} {0:s} %v"), std::string::npos);
}

}  // namespace
}  // namespace bqconn::http
