// What a broken or hostile service can do to a create. Each case gives the documented error, sends
// at most one copy of the request, reports no false success, and ends.
#include <curl/curl.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <ostream>

#include "support/http_call.hpp"
#include "support/raw_server.hpp"

namespace bqconn::http {
namespace {

using test::answer;
using test::call_once;
using test::RawConnection;
using test::RawServer;

constexpr auto reset = "network.reset maybe network";
constexpr auto truncated = "network.truncated maybe network";
constexpr auto malformed = "network.protocol maybe network";
constexpr auto too_large = "http.answer_too_large maybe network";

RawServer::Script after_request(const std::string& bytes) {
    return [bytes](RawConnection& connection) {
        connection.read_request();
        connection.send(bytes);
    };
}

// Repeats `block` until the client disconnects.
RawServer::Script endless(const std::string& start, const std::string& block) {
    return [=](RawConnection& connection) {
        connection.read_request();
        connection.send(start);
        while (connection.send(block)) {
        }
    };
}

struct Fault {
    std::string name;
    RawServer::Script script;
    std::string outcome;
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

class EveryFault : public testing::TestWithParam<Fault> {};

TEST_P(EveryFault, EndsAsDocumented) {
    RawServer server(GetParam().script);
    const auto outcome = call_once(test::post(server.url()));
    EXPECT_EQ(outcome.text(), GetParam().outcome) << outcome.message();
    EXPECT_EQ(server.connections(), 1);
    EXPECT_LE(server.requests(), 1);
    if (outcome.error) {
        EXPECT_NE(outcome.message().find("127.0.0.1:"), std::string::npos) << outcome.message();
    }
}

std::vector<Fault> connection_faults() {
    return {
        {"ClosedAtOnce", [](RawConnection&) {}, reset},
        {"ResetBeforeTheRequestIsRead",
         [](RawConnection& connection) {
             connection.peek(1);
             connection.reset();
         },
         reset},
        {"ClosedBeforeTheRequestIsRead", [](RawConnection& connection) { connection.peek(1); },
         reset},
        {"ClosedAfterTheRequest", after_request(""), reset},
        {"ResetAfterTheRequest",
         [](RawConnection& connection) {
             connection.read_request();
             connection.reset();
         },
         reset},
        {"ResetWithinTheBody",
         [](RawConnection& connection) {
             connection.read_request();
             connection.send("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{}");
             connection.reset();
         },
         reset},
        {"DrippedAnswer",
         [](RawConnection& connection) {
             connection.read_request();
             connection.drip(answer("201 Created", "{\"id\":\"x\"}"));
         },
         "201"},
        {"AnswerBeforeTheRequestIsRead",
         [](RawConnection& connection) {
             connection.send(answer("413 Too Large", ""));
             connection.stall();
         },
         "413"},
    };
}

std::vector<Fault> status_faults() {
    std::vector<Fault> faults;
    const std::pair<std::string, std::string> lines[] = {
        {"TooLong", "HTTP/1.1 2000 OK"},
        {"TooShort", "HTTP/1.1 20"},
        {"Zero", "HTTP/1.1 000 Zero"},
        {"Below100", "HTTP/1.1 099 Low"},
        {"Above599", "HTTP/1.1 600 High"},
        {"Nines", "HTTP/1.1 999 High"},
        {"Negative", "HTTP/1.1 -20 Low"},
        {"Letters", "HTTP/1.1 abc OK"},
        {"None", "HTTP/1.1"},
        {"NoSpace", "HTTP/1.1200 OK"},
        {"Version9", "HTTP/9.9 200 OK"},
        {"OtherProtocol", "RTSP/1.0 200 OK"},
        {"Smtp", "220 mail.example ESMTP"},
        {"Switching", "HTTP/1.1 101 Switching Protocols"},
        {"Http09", "{\"id\":\"x\"}"},
        {"Nul", std::string("HTTP/1.1 2") + '\0' + "0 OK"},
        {"Ssh", "SSH-2.0-OpenSSH_9.2"},
    };
    for (const auto& [name, line] : lines) {
        faults.push_back(
            {"Status" + name, after_request(line + "\r\nContent-Length: 2\r\n\r\n{}"), malformed});
    }
    return faults;
}

std::vector<Fault> length_faults() {
    const std::string ok = "HTTP/1.1 201 Created\r\n";
    const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    return {
        {"LengthTooLong", after_request(ok + "Content-Length: 100\r\n\r\n{}"), truncated},
        {"LengthTooShort", after_request(ok + "Content-Length: 2\r\n\r\n{}rubbish"), "201"},
        {"LengthNegative", after_request(ok + "Content-Length: -5\r\n\r\n{}"), malformed},
        {"LengthNoNumber", after_request(ok + "Content-Length: two\r\n\r\n{}"), malformed},
        {"LengthOverflows", after_request(ok + "Content-Length: 99999999999999999999\r\n\r\n{}"),
         truncated},
        {"LengthHuge", after_request(ok + "Content-Length: 9000000000\r\n\r\n{}"), truncated},
        {"ChunkNoNumber", after_request(chunked + "zz\r\n{}\r\n0\r\n\r\n"), malformed},
        {"ChunkOverflows", after_request(chunked + "ffffffffffffffffff\r\n{}"), malformed},
        {"ChunkNegative", after_request(chunked + "-2\r\n{}\r\n0\r\n\r\n"), malformed},
        {"ChunkWithoutEnd", after_request(chunked + "2\r\n{}rubbish\r\n0\r\n\r\n"), malformed},
        {"ChunkMissing", after_request(chunked + "2\r\n{}\r\n"), truncated},
        {"ChunkCut", after_request(chunked + "20\r\n{}"), truncated},
        {"ChunksAndLength",
         after_request(ok + "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "2\r\n{}\r\n0\r\n\r\n"),
         "201"},
        {"HeaderWithoutColon", after_request(ok + "rubbish\r\nContent-Length: 2\r\n\r\n{}"),
         malformed},
        {"HeaderWithNul",
         after_request(ok + std::string("X: a\0b\r\nContent-Length: 2\r\n\r\n{}", 31)), malformed},
    };
}

std::vector<Fault> size_faults() {
    const std::string ok = "HTTP/1.1 201 Created\r\n";
    const std::string block(64 * 1024, 'x');
    return {
        {"EndlessBody", endless(ok + "\r\n", block), too_large},
        {"EndlessLengthBody", endless(ok + "Content-Length: 9000000000\r\n\r\n", block), too_large},
        {"EndlessChunks",
         endless(ok + "Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + block + "\r\n"),
         too_large},
        {"EndlessTrailers",
         endless(ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: y\r\n"), too_large},
        {"EndlessHeaders", endless(ok, "X-Header: y\r\n"), too_large},
        {"EndlessInterimAnswers", endless("", "HTTP/1.1 100 Continue\r\n\r\n"), too_large},
        {"EndlessHeaderLine", endless(ok + "X-Header: ", block), too_large},
    };
}

std::vector<Fault> interim_faults() {
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    return {
        {"UnaskedContinue", after_request(interim + answer("201 Created", "{}")), "201"},
        {"ContinueAlone", after_request(interim), reset},
        {"ManyInterimAnswers",
         after_request(interim + interim + "HTTP/1.1 102 Processing\r\n\r\n" +
                       "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
                       answer("201 Created", "{}")),
         "201"},
    };
}

std::string name_of_fault(const testing::TestParamInfo<Fault>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Connection, EveryFault, testing::ValuesIn(connection_faults()),
                         name_of_fault);
INSTANTIATE_TEST_SUITE_P(Status, EveryFault, testing::ValuesIn(status_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Length, EveryFault, testing::ValuesIn(length_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Size, EveryFault, testing::ValuesIn(size_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Interim, EveryFault, testing::ValuesIn(interim_faults()), name_of_fault);

// 20 MiB of zeros in 20 KB.
std::string gzip_bomb() {
    const std::unique_ptr<FILE, decltype(&::pclose)> pipe(
        ::popen("head -c 20971520 /dev/zero | gzip -9", "r"), ::pclose);
    std::string bytes;
    for (int c = 0; pipe && (c = std::fgetc(pipe.get())) != EOF;) {
        bytes += static_cast<char>(c);
    }
    return bytes;
}

TEST(CurlFaults, CompressedAnswers) {
    const std::string bomb = gzip_bomb();
    ASSERT_GT(bomb.size(), 1000U);
    ASSERT_LT(bomb.size(), 100'000U);
    // As a content encoding it is left alone: nobody asked for it.
    for (const std::string encoding : {"gzip", "br", "zstd", "gzip, gzip", "nonsense"}) {
        RawServer server(
            after_request(answer("201 Created", bomb, "Content-Encoding: " + encoding + "\r\n")));
        const auto outcome = call_once(test::post(server.url()));
        ASSERT_EQ(outcome.text(), "201") << encoding;
        EXPECT_TRUE(outcome.response->body == bomb) << encoding;
        EXPECT_EQ(server.received().find("Accept-Encoding"), std::string::npos);
    }
    // As a transfer encoding libcurl decodes it, and the decoded size counts. The libcurl of a
    // release cannot, and refuses the answer.
    const bool unpacks = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_LIBZ) != 0;
    RawServer server(
        after_request("HTTP/1.1 201 Created\r\nTransfer-Encoding: gzip\r\n\r\n" + bomb));
    EXPECT_EQ(call_once(test::post(server.url())).text(),
              unpacks ? too_large : "network.protocol maybe network");
}

// A truncated answer must not be taken for a complete one.

// The end of this answer is undetectable; it must not be taken for a wrong one.
TEST(CurlTruncation, AtEveryByteWithLength) {
    const std::string whole =
        answer("201 Created", "{\"id\":\"x\",\"etag\":\"\\\"e\\\"\"}", "ETag: \"e\"\r\n");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        EXPECT_FALSE(outcome.response) << "cut at " << size << ": " << outcome.text();
        EXPECT_EQ(server.requests(), 1);
    }
}

TEST(CurlTruncation, AtEveryByteOfChunks) {
    const std::string whole =
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\n{\"id\"\r\n5\r\n:\"x\"}\r\n0\r\n\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        // All but the last line feed is enough.
        EXPECT_EQ(outcome.response.has_value(), size + 1 >= whole.size())
            << "cut at " << size << ": " << outcome.text();
    }
}

// Only the body itself shows that it is short: its reader must notice.
TEST(CurlTruncation, AtEveryByteWithoutLength) {
    const std::string head = "HTTP/1.1 201 Created\r\nETag: \"e\"\r\n\r\n";
    const std::string body = "{\"id\":\"x\"}";
    const std::string whole = head + body;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        RawServer server(after_request(whole.substr(0, size)));
        const auto outcome = call_once(test::post(server.url()));
        if (size < head.size()) {
            EXPECT_FALSE(outcome.response) << "cut at " << size << ": " << outcome.text();
        } else {
            ASSERT_EQ(outcome.text(), "201");
            EXPECT_EQ(outcome.response->body, whole.substr(head.size(), size - head.size()));
        }
    }
}

}  // namespace
}  // namespace bqconn::http
