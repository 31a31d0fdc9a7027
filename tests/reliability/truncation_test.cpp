// Every answer cut off at every byte, with each of the three ways to give a length: never a
// success, and never a POST because a list could not be read.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <set>

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

// The position of the faulty call among the calls to Flow Service, not counting the token.
struct Cut {
    std::string name;
    std::size_t verb;  // index in verbs()
    Endpoint endpoint;
    int call;
    int unknown;  // the exit code for every cut; 0: 9 or 12
    int posts;
};

void PrintTo(const Cut& cut, std::ostream* out) {
    *out << cut.name;
}

class Truncation : public testing::TestWithParam<Cut> {};

TEST_P(Truncation, IsNeverASuccess) {
    const Cut& cut = GetParam();
    const Verb& verb = verbs().at(cut.verb);
    const bool token = cut.endpoint == Endpoint::token;
    int runs = 0;
    for (const Length length : {Length::told, Length::chunked, Length::by_the_end}) {
        const std::string whole = whole_answer(good_answer(cut.endpoint), length);
        // The last chunk's final line feed may be missing: the answer is complete.
        const std::size_t enough = whole.size() - (length == Length::chunked ? 1 : 0);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            Service service({token ? -1 : cut.call, token ? 0 : -1, false, verb.calls, true},
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
                ASSERT_EQ(finished.status, 0);
                continue;
            }
            ASSERT_NE(finished.status, 0);
            ASSERT_EQ(finished.out, "");
            ASSERT_TRUE(finished.status == cut.unknown ||
                        (cut.unknown == 0 && (finished.status == 9 || finished.status == 12)))
                << finished.status;
            ASSERT_EQ(service.posts(), cut.posts);
        }
    }
    RecordProperty("runs", runs);
    std::printf("truncations: %d runs\n", runs);
}

// Each call whose answer has a body, in the first row that has it, and the token of a change and of
// a read.
std::vector<Cut> every_cut() {
    std::vector<Cut> cuts;
    std::set<Endpoint> known;
    const auto name_of = [](const std::string& text) {
        std::string name;
        for (const char c : text) {
            name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
        }
        return name;
    };
    for (std::size_t verb = 0; verb < verbs().size(); ++verb) {
        const Verb& one = verbs()[verb];
        int changed = 0;
        for (std::size_t call = 0; call < one.calls.size(); ++call) {
            const Endpoint endpoint = one.calls[call];
            changed += changes(endpoint) ? 1 : 0;
            if (!good_answer(endpoint).body.empty() && known.insert(endpoint).second) {
                cuts.push_back({name_of(one.name) + "_call" + std::to_string(call), verb, endpoint,
                                static_cast<int>(call),
                                changes(endpoint) || endpoint == Endpoint::test
                                    ? exit_code_of(one, endpoint, changes(endpoint) ? 10 : 9)
                                    : 0,
                                std::min(changed, 1)});
            }
        }
    }
    cuts.push_back({"token_of_a_create", 0, Endpoint::token, 0, 0, 0});
    cuts.push_back({"token_of_a_list", 3, Endpoint::token, 0, 0, 0});
    return cuts;
}

INSTANTIATE_TEST_SUITE_P(All, Truncation, testing::ValuesIn(every_cut()),
                         [](const auto& cut) { return cut.param.name; });

}  // namespace
}  // namespace bqconn::reliability
