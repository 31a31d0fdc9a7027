// Each fault on each route: only method and path decide whether it applies.
#include <gtest/gtest.h>

#include "bqconn/emulator/fault.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

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
    static EmulatorOptions options(const Target& target, const std::string& fault) {
        EmulatorOptions options;
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
