#include "bqconn/emulator/fault_answer.hpp"

#include <gtest/gtest.h>

#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

using namespace std::chrono_literals;

EmulatorOptions with_faults(const std::vector<std::string>& texts) {
    EmulatorOptions options;
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

}  // namespace
}  // namespace bqconn::emulator
