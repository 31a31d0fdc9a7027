#include "emulator/server/journal.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/inert.hpp"
#include "bqconn/core/private_file.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/certificate.hpp"
#include "emulator/http_client.hpp"

namespace bqconn::emulator {
namespace {

// Collects lines from any thread.
class Lines {
  public:
    LineSink sink() {
        return [this](const std::string& line) {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
        };
    }
    std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

TEST(Log, OneLineForEachAnswer) {
    Lines log;
    Options options;
    options.log = log.sink();
    options.faults.push_back(parse_fault("GET /connections=503;after=1"));
    RunningEmulator emulator(options);
    const Reply list = emulator.flow("GET", "/connections?property=name==secret&limit=5");
    const Reply fault = emulator.flow("GET", "/connections");
    const Reply unknown = emulator.flow("GET", "/connections/abc");
    const Reply ims = send(emulator.port(), "POST", "/ims/token/v3");
    const Reply gateway =
        send(emulator.port(), "GET", "/data/foundation/flowservice/connections/a");
    const std::string base = "/data/foundation/flowservice/connections";
    EXPECT_EQ(log.all(),
              (std::vector<std::string>{
                  "GET " + base + "?property&limit 200 " + list.header("x-request-id"),
                  "GET " + base + " 503 FLOW-1103-503 " + fault.header("x-request-id") +
                      " (fault GET /connections=503;after=1)",
                  "GET " + base + "/abc 404 FLOW-1439-404 " + unknown.header("x-request-id"),
                  "POST /ims/token/v3 400 invalid_request " + ims.header("x-request-id"),
                  "GET " + base + "/a 403 403010 " + gateway.header("x-request-id")}));
}

TEST(Log, WhatGoogleCallsTheStatus) {
    Lines log;
    Options options;
    options.log = log.sink();
    RunningEmulator emulator(options);
    send(emulator.port(), "GET", "/bigquery/v2/projects/p/datasets");
    send(emulator.port(), "GET", "/o/oauth2/v2/auth");
    const auto lines = log.all();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].starts_with("GET /bigquery/v2/projects/p/datasets 401 UNAUTHENTICATED "));
    EXPECT_TRUE(lines[1].starts_with("GET /o/oauth2/v2/auth 400 "));
}

TEST(Log, HoldsNoSecretAndNoControlCharacter) {
    Lines log;
    Options options;
    options.log = log.sink();
    RunningEmulator emulator(options);
    Headers headers = emulator.credentials();
    headers["Content-Type"] = "application/json";
    headers["x-sandbox-name"] = "canary-sandbox";
    const std::string path = "/data/foundation/flowservice/connections";
    send(emulator.port(), "POST", path, headers, basic_body().dump());
    emulator.flow("POST", "/connections", basic_body().dump());
    emulator.flow("POST", "/connections", "{\"canary\":");
    emulator.flow("GET", "/connections?property=name==canary&canary-1=canary&canary%20x");
    send(emulator.port(), "POST", "/ims/token/v3",
         {{"Content-Type", "application/x-www-form-urlencoded"}},
         "client_id=canary&client_secret=canary&scope=canary&grant_type=canary");
    exchange_bytes(emulator.port(), "canary\r\n\r\n", "\r\n\r\n");
    const auto lines = log.all();
    ASSERT_EQ(lines.size(), 6U);
    for (const auto& line : lines) {
        EXPECT_EQ(line.find("canary"), std::string::npos) << line;
        EXPECT_EQ(line.find("emulated-"), std::string::npos) << line;
    }
    EXPECT_TRUE(lines.back().starts_with("(unreadable request) 400 "));
    const Answer answer;
    EXPECT_EQ(log_line(make_request("GET", "/\x1b[31m::x", {}, {}), answer, "id"),
              inert_line("GET /\x1b[31m::x 200 id"));
}

TEST(Record, EachRequestToThePlatform) {
    Lines record;
    Options options;
    options.record = record.sink();
    RunningEmulator emulator(options);
    const Headers sent = emulator.credentials();
    Headers headers = sent;
    headers["Content-Type"] = "application/json";
    const std::string path = "/data/foundation/flowservice/connections";
    send(emulator.port(), "POST", path + "?a=%20b", headers, "{\"x\":\n1}");
    send(emulator.port(), "POST", "/ims/token/v3");
    send(emulator.port(), "POST", "/token");
    send(emulator.port(), "GET", "/o/oauth2/v2/auth");
    send(emulator.port(), "GET", "/bigquery/v2/projects/p/datasets");
    send(emulator.port(), "GET", "/elsewhere");
    const auto lines = record.all();
    ASSERT_EQ(lines.size(), 2U);
    const Json first = json::parse(lines[0]);
    EXPECT_EQ(first.at("method"), "POST");
    EXPECT_EQ(first.at("path"), path);
    EXPECT_EQ(first.at("query"), "a=%20b");
    EXPECT_EQ(first.at("body"), "{\"x\":\n1}");
    for (const auto& [name, value] : headers) {
        EXPECT_NE(std::find(first.at("headers").begin(), first.at("headers").end(),
                            Json::array({name, value})),
                  first.at("headers").end())
            << name;
    }
    EXPECT_EQ(lines[0].find("REMOTE_ADDR"), std::string::npos);
    EXPECT_EQ(json::parse(lines[1]).at("path"), "/elsewhere");
    EXPECT_EQ(json::parse(lines[1]).at("body"), "");
}

TEST(Record, BodyThatIsNoText) {
    const Json line = json::parse(record_line(make_request("POST", "/", {}, "\xff")));
    EXPECT_FALSE(line.contains("body"));
    EXPECT_EQ(line.at("bodyBase64"), crypto::base64("\xff"));
}

TEST(Record, IsWrittenBeforeAFaultStrikes) {
    Lines record;
    Options options;
    options.record = record.sink();
    options.faults.push_back(parse_fault("GET /connections=reset"));
    RunningEmulator emulator(options);
    EXPECT_EQ(emulator.flow("GET", "/connections").status, 0);
    EXPECT_EQ(record.all().size(), 1U);
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
}

// A file that everybody can read.
void create_readable_file(const std::string& path) {
    std::ofstream(path) << "what was there before, and longer";
    std::filesystem::permissions(path, std::filesystem::perms(0666));
}

TEST(PrivateFile, IsForTheOwnerAlone) {
    const TemporaryFolder folder;
    write_private_file(folder.file("a"), "text\n");
    EXPECT_EQ(content_of(folder.file("a")), "text\n");
    EXPECT_EQ(mode_of(folder.file("a")), 0600U);
    create_readable_file(folder.file("b"));
    write_private_file(folder.file("b"), "text\n");
    EXPECT_EQ(content_of(folder.file("b")), "text\n");
    EXPECT_EQ(mode_of(folder.file("b")), 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("")), {}), 2);
}

TEST(PrivateFile, CannotBeWritten) {
    const TemporaryFolder folder;
    try {
        write_private_file(folder.file("missing/a"), "text");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), ExitCode::config);
        EXPECT_NE(error.message().find("missing/a: No such file"), std::string::npos);
    }
    std::filesystem::create_directory(folder.file("folder"));
    EXPECT_THROW(write_private_file(folder.file("folder"), "text"), Error);
    std::filesystem::create_symlink("folder/target", folder.file("link"));
    EXPECT_THROW(write_private_file(folder.file("link"), "text"), Error);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.file("")), {}), 2);
}

TEST(PrivateLog, IsForTheOwnerAloneAndBeginsEmpty) {
    const TemporaryFolder folder;
    create_readable_file(folder.file("a"));
    PrivateLog log(folder.file("a"));
    EXPECT_EQ(mode_of(folder.file("a")), 0600U);
    EXPECT_TRUE(log.add_line("one"));
    EXPECT_TRUE(log.add_line("two"));
    EXPECT_EQ(content_of(folder.file("a")), "one\ntwo\n");
}

TEST(PrivateLog, FollowsNoSymbolicLink) {
    const TemporaryFolder folder;
    create_readable_file(folder.file("a"));
    std::filesystem::create_symlink(folder.file("a"), folder.file("link"));
    EXPECT_THROW(PrivateLog(folder.file("link")), Error);
    EXPECT_EQ(content_of(folder.file("a")), "what was there before, and longer");
}

TEST(PrivateLog, LinesOfSeveralThreadsStayWhole) {
    const TemporaryFolder folder;
    PrivateLog log(folder.file("a"));
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 50; ++j) {
                log.add_line(std::string(5000, 'x'));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::ifstream file(folder.file("a"));
    std::string line;
    int lines = 0;
    while (std::getline(file, line)) {
        EXPECT_EQ(line.size(), 5000U);
        ++lines;
    }
    EXPECT_EQ(lines, 200);
}

TEST(PrivateLog, SaysWhenALineIsLost) {
    const unsigned mode = mode_of("/dev/full");
    PrivateLog log("/dev/full");
    EXPECT_FALSE(log.add_line("x"));
    EXPECT_EQ(mode_of("/dev/full"), mode);
}

}  // namespace
}  // namespace bqconn::emulator
