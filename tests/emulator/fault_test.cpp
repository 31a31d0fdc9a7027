#include "emulator/faults/fault.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bqconn/core/error.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

using namespace std::chrono_literals;

TEST(ParseFault, Everything) {
    const Fault fault =
        parse_fault("POST /connections=apply-then-html-502;times=3;after=2;slow=10;retry-after=7");
    EXPECT_EQ(fault.method, "POST");
    EXPECT_EQ(fault.path, "/connections");
    EXPECT_EQ(fault.action, FaultAction::html);
    EXPECT_EQ(fault.status, 502);
    EXPECT_TRUE(fault.apply);
    EXPECT_EQ(fault.times, 3U);
    EXPECT_EQ(fault.after, 2U);
    EXPECT_EQ(fault.delay, 10ms);
    EXPECT_EQ(fault.retry_after, "7");
}

TEST(ParseFault, Actions) {
    EXPECT_EQ(parse_fault("* /a=599").action, FaultAction::status);
    EXPECT_EQ(parse_fault("* /a=200").status, 200);
    EXPECT_EQ(parse_fault("* /a=empty-200").action, FaultAction::empty);
    EXPECT_EQ(parse_fault("* /a=reset").action, FaultAction::reset);
    EXPECT_TRUE(parse_fault("* /a=apply-then-reset").apply);
    EXPECT_EQ(parse_fault("* /a=truncate=0").action, FaultAction::truncate);
    EXPECT_EQ(parse_fault("* /a=slow=5").action, FaultAction::pass);
    EXPECT_FALSE(parse_fault("* /a=503").times.has_value());
}

TEST(ParseFault, RefusesWhatItDoesNotUnderstand) {
    for (const char* const text : {"",
                                   "503",
                                   "POST=503",
                                   "BREW /connections=503",
                                   "POST /connections=503;times=0",
                                   "/connections=503",
                                   "POST /connections",
                                   "POST /connections=",
                                   "post /connections=503",
                                   " /connections=503",
                                   "POST  /connections=503",
                                   "POST connections=503",
                                   "POST /a?b=503",
                                   "POST /a=199",
                                   "POST /a=600",
                                   "POST /a=50",
                                   "POST /a=5033",
                                   "POST /a=html",
                                   "POST /a=html-",
                                   "POST /a=html-x",
                                   "POST /a=empty-0",
                                   "POST /a=resett",
                                   "POST /a=Reset",
                                   "POST /a=truncate",
                                   "POST /a=truncate=",
                                   "POST /a=truncate=-1",
                                   "POST /a=truncate=1x",
                                   "POST /a=slow=",
                                   "POST /a=slow=1.5",
                                   "POST /a=apply-then-",
                                   "POST /a=apply-then-truncate=1",
                                   "POST /a=apply-then-slow=1",
                                   "POST /a=apply-then-apply-then-500",
                                   "POST /a=503;",
                                   "POST /a=503;time=1",
                                   "POST /a=503;times=",
                                   "POST /a=503;times=x",
                                   "POST /a=503;times=99999999999999999999",
                                   "POST /a=503;after=",
                                   "POST /a=503;retry-after=",
                                   "POST /a=503;retry-after=1\n",
                                   "POST /a=503; times=1",
                                   "POST /a=503,times=1"}) {
        try {
            parse_fault(text);
            ADD_FAILURE() << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_code(), ExitCode::usage) << text;
            EXPECT_TRUE(error.message().starts_with("--fault: ")) << text;
        }
    }
}

TEST(FaultList, MatchesMethodAndPath) {
    FaultList faults({parse_fault("GET /connections/*=503"), parse_fault("* /ims/token/v3=500")});
    const std::string base = "/data/foundation/flowservice";
    EXPECT_NE(faults.take("GET", base + "/connections/abc"), nullptr);
    EXPECT_NE(faults.take("GET", "/connections/abc"), nullptr);
    EXPECT_EQ(faults.take("POST", base + "/connections/abc"), nullptr);
    EXPECT_EQ(faults.take("GET", base + "/connections"), nullptr);
    EXPECT_EQ(faults.take("GET", base + "/connections/abc/test"), nullptr);
    EXPECT_NE(faults.take("PATCH", "/ims/token/v3"), nullptr);
}

TEST(FaultList, TimesAndAfter) {
    FaultList faults({parse_fault("* /a=500;times=1;after=1"), parse_fault("* /a=503;times=1")});
    EXPECT_EQ(faults.take("GET", "/a")->status, 503);
    EXPECT_EQ(faults.take("GET", "/a")->status, 500);
    EXPECT_EQ(faults.take("GET", "/a"), nullptr);
}

TEST(FaultList, WhatIsGivenBackStrikesAgain) {
    FaultList faults({parse_fault("* /a=500;times=1")});
    const Fault* fault = faults.take("GET", "/a");
    faults.give_back(fault);
    EXPECT_EQ(faults.take("GET", "/a"), fault);
    EXPECT_EQ(faults.take("GET", "/a"), nullptr);
}

using namespace std::chrono_literals;

Options with_faults(const std::vector<std::string>& texts) {
    Options options;
    for (const auto& text : texts) {
        options.faults.push_back(parse_fault(text));
    }
    return options;
}

// An emulator with one fault for POST /connections.
class Faulty : public RunningEmulator {
  public:
    explicit Faulty(const std::string& fault)
        : RunningEmulator(with_faults({"POST /connections=" + fault})) {}

    Reply post() { return flow("POST", "/connections", basic_body().dump()); }
    std::size_t stored() { return flow("GET", "/connections?count=true").json().at("count"); }
};

TEST(Faults, Status) {
    Faulty emulator("503");
    const Reply reply = emulator.post();
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.json().at("type"), "https://ns.adobe.com/aep/errors/FLOW-1103-503");
    EXPECT_EQ(reply.json().at("report").at("request-id"), reply.header("x-request-id"));
    EXPECT_EQ(reply.header("x-request-id").size(), 32U);
    EXPECT_EQ(emulator.stored(), 0U);
    EXPECT_EQ(emulator.post().status, 503);
}

TEST(Faults, EachStatusHasADocument) {
    std::vector<std::string> faults;
    for (int status = 400; status < 600; ++status) {
        faults.push_back("POST /connections=" + std::to_string(status) + ";times=1");
    }
    RunningEmulator emulator(with_faults(faults));
    for (int status = 400; status < 600; ++status) {
        const Reply reply = send(emulator.port(), "POST", "/connections");
        EXPECT_EQ(reply.status, status);
        EXPECT_TRUE(reply.json().is_object()) << status;
    }
    EXPECT_EQ(Faulty("429").post().json().at("error_code"), "429050");
    EXPECT_EQ(Faulty("401").post().json().at("error_code"), "401013");
    EXPECT_EQ(Faulty("403").post().json().at("error_code"), "403025");
    EXPECT_EQ(Faulty("504").post().json().at("title"), "Gateway Timeout");
    EXPECT_TRUE(Faulty("408").post().json().contains("errorMessage"));
}

TEST(Faults, RetryAfterAndTimes) {
    Faulty emulator("429;retry-after=2;times=2");
    EXPECT_EQ(emulator.post().header("retry-after"), "2");
    EXPECT_EQ(emulator.post().status, 429);
    const Reply reply = emulator.post();
    EXPECT_EQ(reply.status, 201);
    EXPECT_FALSE(reply.has("retry-after"));
}

TEST(Faults, Redirect) {
    const Reply reply = Faulty("307").post();
    EXPECT_EQ(reply.status, 307);
    EXPECT_EQ(reply.header("location"), "/redirected");
}

TEST(Faults, ApplyThenStatus) {
    Faulty emulator("apply-then-500");
    EXPECT_EQ(emulator.post().status, 500);
    EXPECT_EQ(emulator.stored(), 1U);
}

TEST(Faults, ApplyDoesNotStrikeWhereTheServiceRefuses) {
    Faulty emulator("apply-then-500;times=1");
    EXPECT_EQ(emulator.flow("POST", "/connections", "{}").status, 400);
    EXPECT_EQ(emulator.post().status, 500);
    EXPECT_EQ(emulator.post().status, 201);
}

TEST(Faults, Reset) {
    Faulty emulator("reset");
    EXPECT_EQ(emulator.post().status, 0);
    EXPECT_EQ(emulator.stored(), 0U);
}

TEST(Faults, ApplyThenReset) {
    Faulty emulator("apply-then-reset;times=1");
    EXPECT_EQ(emulator.post().status, 0);
    EXPECT_EQ(emulator.stored(), 1U);
    EXPECT_EQ(emulator.post().status, 201);
}

TEST(Faults, ResetAnswersNotAByte) {
    Faulty emulator("reset");
    EXPECT_EQ(exchange_bytes(emulator.port(), "POST /connections HTTP/1.1\r\nHost: x\r\n\r\n", ""),
              "");
}

TEST(Faults, Html) {
    Faulty emulator("html-502");
    const Reply reply = emulator.post();
    EXPECT_EQ(reply.status, 502);
    EXPECT_EQ(reply.header("content-type"), "text/html");
    EXPECT_TRUE(reply.body.starts_with("<html>"));
    EXPECT_TRUE(reply.has("x-request-id"));
}

TEST(Faults, Empty) {
    for (const int status : {200, 201, 503}) {
        Faulty emulator("empty-" + std::to_string(status));
        const Reply reply = emulator.post();
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.body, "");
        EXPECT_TRUE(reply.has("x-request-id"));
        EXPECT_EQ(emulator.stored(), 0U);
    }
}

// A create request, byte for byte.
std::string create_request(RunningEmulator& emulator) {
    const std::string body = basic_body().dump();
    std::string request = "POST /data/foundation/flowservice/connections HTTP/1.1\r\n";
    for (const auto& [name, value] : emulator.credentials()) {
        request += name + ": " + value + "\r\n";
    }
    return request + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Faults, TruncateAtEveryByte) {
    const std::size_t whole = Faulty("truncate=1000").post().body.size();
    ASSERT_GT(whole, 50U);
    std::vector<std::string> faults;
    for (std::size_t size = 0; size <= whole; ++size) {
        faults.push_back("POST /connections=truncate=" + std::to_string(size) + ";times=1");
    }
    RunningEmulator emulator(with_faults(faults));
    const std::string request = create_request(emulator);
    for (std::size_t size = 0; size <= whole; ++size) {
        const std::string answer = exchange_bytes(emulator.port(), request, "");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 201 "));
        EXPECT_NE(answer.find("Content-Length: " + std::to_string(whole) + "\r\n"),
                  std::string::npos);
        const auto end_of_head = answer.find("\r\n\r\n");
        ASSERT_NE(end_of_head, std::string::npos);
        EXPECT_EQ(answer.size() - end_of_head - 4, size);
        EXPECT_EQ(answer.find("Content-Type"), answer.rfind("Content-Type"));
    }
    EXPECT_EQ(emulator.flow("GET", "/connections?count=true").json().at("count"), whole + 1);
}

TEST(Faults, SlowAnswersTheTruthLate) {
    Faulty emulator("slow=100");
    const auto begin = std::chrono::steady_clock::now();
    const Reply reply = emulator.post();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
    EXPECT_EQ(reply.status, 201);
}

TEST(Faults, SlowAsAModifier) {
    Faulty emulator("503;slow=100");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(emulator.post().status, 503);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
}

TEST(Faults, OfGoogle) {
    std::vector<std::string> faults{"POST /token=429"};
    for (int status = 400; status < 600; ++status) {
        faults.push_back("GET /bigquery/v2/projects/*/datasets=" + std::to_string(status) +
                         ";times=1");
    }
    RunningEmulator emulator(with_faults(faults));
    for (int status = 400; status < 600; ++status) {
        const Reply reply = send(emulator.port(), "GET", "/bigquery/v2/projects/p/datasets");
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.json().at("error").at("code"), status);
    }
    EXPECT_EQ(send(emulator.port(), "POST", "/token").json().at("error"), "invalid_request");
}

TEST(Faults, OfIms) {
    RunningEmulator emulator(with_faults({"POST /ims/token/v3=503", "GET /connections=500"}));
    const Reply reply = send(emulator.port(), "POST", "/ims/token/v3");
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.json().at("error"), "server_error");
    EXPECT_EQ(emulator.flow("GET", "/connections").status, 500);
    EXPECT_EQ(emulator.flow("POST", "/connections", basic_body().dump()).status, 201);
}

const std::string flow_base = "/data/foundation/flowservice";
const std::string spec_path = "/connectionSpecs/3c9b37f8-13a6-43d8-bad3-b863b941fedd";

struct Target {
    std::string method;
    std::string path;  // of the fault
    std::string call;  // the full request; ID is replaced by a connection's id
};

const std::vector<Target> targets{
    {"GET", "/connections", flow_base + "/connections?limit=1"},
    {"GET", "/connections/*", flow_base + "/connections/ID"},
    {"PATCH", "/connections/*", flow_base + "/connections/ID"},
    {"DELETE", "/connections/*", flow_base + "/connections/ID"},
    {"GET", "/connections/*/test", flow_base + "/connections/ID/test"},
    {"GET", "/connections/*/explore", flow_base + "/connections/ID/explore?objectType=root"},
    {"GET", "/connectionSpecs/*", flow_base + spec_path},
    {"GET", "/sourceConnections", flow_base + "/sourceConnections"},
    {"GET", "/flows", flow_base + "/flows"},
    {"GET", "/data/foundation/sandbox-management/", "/data/foundation/sandbox-management/"},
};

class FaultyRoute : public RunningEmulator {
  public:
    FaultyRoute(const Target& target, const std::string& fault)
        : RunningEmulator(options(target, fault)), target_(target), id_(create("a")) {}

    Reply call() {
        Headers headers = credentials();
        std::string body;
        if (target_.method == "PATCH") {
            const Json item =
                send(port(), "GET", flow_base + "/connections?property=id==" + id_, headers).json();
            headers["If-Match"] = item.at("items").at(0).at("etag");
            headers["Content-Type"] = "application/json";
            body = R"([{"op": "replace", "path": "/name", "value": "b"}])";
        }
        std::string path = target_.call;
        if (const auto at = path.find("ID"); at != std::string::npos) {
            path.replace(at, 2, id_);
        }
        return send(port(), target_.method, path, headers, body);
    }

    // The connection's name; empty if it is gone.
    std::string name() {
        const Json items =
            send(port(), "GET", flow_base + "/connections?property=id==" + id_ + "&limit=9",
                 credentials())
                .json()
                .at("items");
        return items.empty() ? std::string() : items.at(0).at("name").get<std::string>();
    }

  private:
    static Options options(const Target& target, const std::string& fault) {
        Options options;
        options.faults.push_back(parse_fault(target.method + " " + target.path + "=" + fault));
        return options;
    }

    Target target_;
    std::string id_;
};

TEST(FaultRoutes, StatusAndThenTheTruth) {
    for (const Target& target : targets) {
        FaultyRoute emulator(target, "503;times=1;retry-after=1");
        const Reply reply = emulator.call();
        EXPECT_EQ(reply.status, 503) << target.path;
        EXPECT_EQ(reply.header("retry-after"), "1") << target.path;
        EXPECT_TRUE(reply.json().contains("errorMessage")) << target.path;
        EXPECT_EQ(emulator.call().status, target.method == "DELETE" ? 204 : 200)
            << target.method << target.path;
    }
}

TEST(FaultRoutes, HtmlEmptyAndReset) {
    for (const Target& target : targets) {
        EXPECT_TRUE(FaultyRoute(target, "html-502").call().body.starts_with("<html>"));
        const Reply empty = FaultyRoute(target, "empty-200").call();
        EXPECT_EQ(empty.status, 200) << target.path;
        EXPECT_EQ(empty.body, "") << target.path;
        EXPECT_EQ(FaultyRoute(target, "reset").call().status, 0) << target.path;
    }
}

TEST(FaultRoutes, Truncated) {
    for (const Target& target : targets) {
        if (target.method != "DELETE") {
            EXPECT_EQ(FaultyRoute(target, "truncate=3").call().status, 0) << target.path;
        }
    }
}

TEST(FaultRoutes, CarriedOutOrNot) {
    const Target patch{"PATCH", "/connections/*", flow_base + "/connections/ID"};
    const Target remove{"DELETE", "/connections/*", flow_base + "/connections/ID"};
    for (const std::string& action : {std::string("500"), std::string("reset")}) {
        FaultyRoute not_patched(patch, action);
        not_patched.call();
        EXPECT_EQ(not_patched.name(), "a") << action;
        FaultyRoute patched(patch, "apply-then-" + action);
        patched.call();
        EXPECT_EQ(patched.name(), "b") << action;
        FaultyRoute not_removed(remove, action);
        not_removed.call();
        EXPECT_EQ(not_removed.name(), "a") << action;
        FaultyRoute removed(remove, "apply-then-" + action);
        removed.call();
        EXPECT_EQ(removed.name(), "") << action;
    }
}

TEST(FaultRoutes, OneRouteOnly) {
    const Target test{"GET", "/connections/*/test",
                      flow_base + "/connections/ID/explore?objectType=root"};
    EXPECT_EQ(FaultyRoute(test, "503").call().status, 200);
    const Target connection{"GET", "/connections/*", flow_base + "/connections/ID/test"};
    EXPECT_EQ(FaultyRoute(connection, "503").call().status, 200);
}

}  // namespace
}  // namespace bqconn::emulator
