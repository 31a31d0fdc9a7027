// Every operation of Adobe's published Flow Service API is answered: served, or 501.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

// Of the specification of June 2026; {} is an id.
constexpr auto served = std::to_array<const char*>({
    "GET /connections",
    "POST /connections",
    "GET /connections/{}",
    "GET /connections/{}/test",
    "GET /connections/{}/explore",
    "DELETE /connections/{}/",
    "PATCH /connections/{}/",
    "GET /connectionSpecs",
    "GET /connectionSpecs/{}",
    "GET /flows",
    "POST /flows",
    "GET /flows/{}",
    "DELETE /flows/{}",
    "PATCH /flows/{}",
    "POST /flows/{}/action",
    "GET /flowSpecs",
    "GET /flowSpecs/{}",
    "GET /runs",
    "POST /runs",
    "GET /runs/{}",
    "POST /runs/{}/action",
    "GET /sourceConnections",
    "POST /sourceConnections",
    "GET /sourceConnections/{}",
    "DELETE /sourceConnections/{}",
    "PATCH /sourceConnections/{}",
    "GET /targetConnections",
    "POST /targetConnections",
    "GET /targetConnections/{}",
    "DELETE /targetConnections/{}",
    "PATCH /targetConnections/{}",
});

constexpr auto unserved = std::to_array<const char*>({
    "POST /connections/{}/action",
    "GET /connections/{}/configs",
    "POST /connections/search",
    "POST /connectionSpecs",
    "PUT /connectionSpecs/{}",
    "GET /connectionSpecs/{}/explore",
    "GET /connectionSpecs/{}/configs",
    "POST /flows/search",
    "POST /flowSpecs",
    "PUT /flowSpecs/{}",
    "POST /flowSpecs/search",
    "PUT /runs/{}",
    "POST /sourceConnections/{}/action",
    "POST /targetConnections/{}/action",
});

Reply answer_to(RunningEmulator& emulator, std::string operation) {
    const auto id = operation.find("{}");
    if (id != std::string::npos) {
        operation.replace(id, 2, "made-up-id");
    }
    const auto space = operation.find(' ');
    return emulator.flow(operation.substr(0, space), operation.substr(space + 1), "{}");
}

TEST(Operations, Served) {
    RunningEmulator emulator;
    for (const char* const operation : served) {
        const Reply reply = answer_to(emulator, operation);
        const std::string title = json::string_at(reply.json(), "title");
        EXPECT_NE(title, "NotFoundError") << operation;
        EXPECT_NE(title, "MethodNotAllowedError") << operation;
        EXPECT_NE(reply.status, 501) << operation;
    }
}

TEST(Operations, Unserved) {
    RunningEmulator emulator;
    for (const char* const operation : unserved) {
        const Reply reply = answer_to(emulator, operation);
        EXPECT_EQ(reply.status, 501) << operation;
        EXPECT_EQ(reply.json().at("detail"), "The emulator does not support this operation");
    }
}

}  // namespace
}  // namespace bqconn::emulator
