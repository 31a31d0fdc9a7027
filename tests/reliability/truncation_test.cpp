// Every answer cut off at every byte, in each of the three ways in which a length is told: never a
// success, and never a POST because a list could not be read.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "bqconn/http/curl_transport.hpp"
#include "reliability/in_process.hpp"
#include "reliability/scene.hpp"

namespace bqconn::reliability {
namespace {

enum class Length { told, chunked, by_the_end };

std::string whole_answer(const Good& good, Length length) {
    switch (length) {
        case Length::told:
            return test::answer(good.status, good.body, "Connection: close\r\n");
        case Length::chunked: {
            std::array<char, 16> size{};
            std::snprintf(size.data(), size.size(), "%zx", good.body.size());
            return "HTTP/1.1 " + good.status +
                   "\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + size.data() +
                   "\r\n" + good.body + "\r\n0\r\n\r\n";
        }
        case Length::by_the_end:
            break;
    }
    return "HTTP/1.1 " + good.status + "\r\nContent-Type: application/json\r\n\r\n" + good.body;
}

// Where the struck call is, among the calls to Flow Service; the token is not among them.
struct Cut {
    std::string name;
    std::size_t verb;  // of verbs()
    Endpoint endpoint;
    int call;
    int unknown;  // the exit code that every cut has; 0: 9 or 12
    int writes;
};

void PrintTo(const Cut& cut, std::ostream* out) {
    *out << cut.name;
}

class Truncation : public testing::TestWithParam<Cut> {};

TEST_P(Truncation, IsNeverASuccess) {
    const Cut& cut = GetParam();
    const Verb& verb = verbs().at(cut.verb);
    const bool token = cut.endpoint == Endpoint::token;
    const bool is_last = token || static_cast<std::size_t>(cut.call) + 1 == verb.calls.size();
    int runs = 0;
    for (const Length length : {Length::told, Length::chunked, Length::by_the_end}) {
        const std::string whole = whole_answer(good_answer(cut.endpoint), length);
        // The line feed that ends the last chunk may be missing: the answer is whole.
        const std::size_t enough = whole.size() - (length == Length::chunked ? 1 : 0);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            Service service({token ? -1 : cut.call, token ? 0 : -1, false},
                            [&](test::RawConnection& connection, const Good&, const std::string&) {
                                connection.send(std::string_view(whole).substr(0, size));
                            });
            const InProcess finished = run_in_process(
                verb.arguments, service.environment(!token),
                [](auto options) { return std::make_unique<http::CurlTransport>(options); });
            ++runs;
            SCOPED_TRACE("cut at " + std::to_string(size) + " of " + std::to_string(whole.size()) +
                         "\n" + finished.err);
            if (size >= enough) {
                // A call that follows is struck too, by an answer that is not its own.
                ASSERT_EQ(finished.status, is_last ? 0 : 10);
                continue;
            }
            ASSERT_NE(finished.status, 0);
            ASSERT_EQ(finished.out, "");
            ASSERT_TRUE(finished.status == cut.unknown ||
                        (cut.unknown == 0 && (finished.status == 9 || finished.status == 12)))
                << finished.status;
            ASSERT_EQ(service.writes(), cut.writes);
        }
    }
    RecordProperty("runs", runs);
    std::printf("truncations: %d runs\n", runs);
}

INSTANTIATE_TEST_SUITE_P(All, Truncation,
                         testing::Values(Cut{"Created", 0, Endpoint::create, 0, 10, 1},
                                         Cut{"CreatedBehindALook", 1, Endpoint::create, 1, 10, 1},
                                         Cut{"ListBeforeACreate", 1, Endpoint::list, 0, 0, 0},
                                         Cut{"List", 2, Endpoint::list, 0, 0, 0},
                                         Cut{"One", 3, Endpoint::item, 0, 0, 0},
                                         Cut{"Test", 4, Endpoint::test, 1, 0, 0},
                                         Cut{"OneBeforeAnUpdate", 5, Endpoint::item, 0, 0, 0},
                                         Cut{"Updated", 5, Endpoint::update, 1, 10, 1},
                                         Cut{"TokenOfACreate", 0, Endpoint::token, 0, 0, 0},
                                         Cut{"TokenOfAList", 2, Endpoint::token, 0, 0, 0}),
                         [](const auto& cut) { return cut.param.name; });

}  // namespace
}  // namespace bqconn::reliability
