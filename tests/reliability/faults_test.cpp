// Every service fault, for every verb of the real program at every change it makes and at every
// kind of read: a documented exit code, no second POST, no false success, no hang, no secret.
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <set>

#include "reliability/faults.hpp"
#include "reliability/judged.hpp"
#include "reliability/scene.hpp"
#include "support/certificates.hpp"
#include "support/server_tls.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::reliability {
namespace {

using test::RawConnection;

Judged run_struck(const Verb& verb, const Fault& fault, bool given_token,
                  const Service::Plan& plan) {
    Service service(plan, fault.strike);
    // The time limit matters only if nothing else ends the call.
    Judged run = run_binary(verb, service.environment(given_token),
                            {"--timeout", fault.stalls ? "2" : "60"});
    run.posts = service.posts();
    run.what =
        verb.name + (given_token ? ", given token" : ", fetched token") +
        (plan.struck_token == 0 ? ", the token is struck"
                                : ", call " + std::to_string(plan.struck_call) + " is struck");
    run.expected = fault.exit_code.token;
    if (plan.struck_token != 0) {
        const Endpoint struck = verb.calls.at(static_cast<std::size_t>(plan.struck_call));
        run.expected = good_answer(struck).body.empty() ? fault.exit_code.remove
                       : changes(struck)                ? fault.exit_code.create
                                                        : fault.exit_code.list;
        const int code = run.expected;
        run.expected = exit_code_of(verb, struck, code);
        if (verb.applies() && fault.name == "Status401" && struck == Endpoint::update) {
            run.expected = 4;  // every further call would be refused
        }
        run.lists_parts = run.expected == 11 && struck != Endpoint::test;
        // An empty list of tables, or of datasets.
        if ((struck == Endpoint::tables && fault.name == "EmptyArray") ||
            (struck == Endpoint::datasets && fault.name == "EmptyObject")) {
            run.expected = 0;
        }
        // Here it is a success; without a body, others are not.
        if (const std::string digits =
                fault.name.substr(std::min<std::size_t>(fault.name.size(), 6));
            fault.name.starts_with("Status2") && digits.size() == 3 &&
            ((struck == Endpoint::remove && digits == "204") ||
             (struck != Endpoint::make_mapping && struck != Endpoint::begin_run &&
              takes_any_success(struck, std::stoi(digits))))) {
            run.expected = 0;
        }
        // On a busy machine the time may run out before the request is sent.
        if (changes(struck) && fault.stalls && service.posts() == 0) {
            run.expected = 9;
        }
        if (verb.applies() && (run.expected == 0 || run.expected == 11)) {
            const std::string word = code == 10 ? "unknown" : "failed";
            const bool is_update = struck == Endpoint::update;
            run.outcomes = {code != 0 && is_update ? word : "updated",
                            code != 0 && !is_update ? word : "created"};
        }
    }
    return run;
}

class EveryFault : public testing::TestWithParam<Fault> {};

TEST_P(EveryFault, OfEveryCallOfEveryVerb) {
    const Fault& fault = GetParam();
    std::vector<std::future<Judged>> runs;
    std::set<Endpoint> known;
    const auto strike = [&](const Verb& verb, bool given_token, const Service::Plan& plan) {
        runs.push_back(std::async(std::launch::async, run_struck, verb, fault, given_token, plan));
    };
    for (const Verb& verb : verbs()) {
        for (std::size_t call = 0; call < verb.calls.size(); ++call) {
            // A read is the same in every row.
            const bool change = changes(verb.calls[call]);
            // For the result of a manifest, these fail as the source connection does.
            if (verb.applies() && (verb.calls[call] == Endpoint::make_target ||
                                   verb.calls[call] == Endpoint::make_mapping)) {
                continue;
            }
            const bool is_new = known.insert(verb.calls[call]).second;
            const Service::Plan plan{static_cast<int>(call), -1, fault.unread, verb.calls,
                                     verb.name.starts_with("dataflow delete") || verb.applies()};
            if (change) {
                strike(verb, false, plan);
            }
            if (is_new && (!change || verb.calls[call] == Endpoint::create)) {
                strike(verb, true, plan);
            }
        }
        if (verb.name.starts_with("create") || verb.name == "list") {
            strike(verb, false, Service::Plan{-1, 0, fault.unread});
        }
    }
    for (auto& run : runs) {
        judge(run.get(), fault.most_posts);
    }
}

INSTANTIATE_TEST_SUITE_P(Connection, EveryFault, testing::ValuesIn(connection_faults()),
                         name_of_fault);
INSTANTIATE_TEST_SUITE_P(Status, EveryFault, testing::ValuesIn(status_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Body, EveryFault, testing::ValuesIn(body_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Length, EveryFault, testing::ValuesIn(length_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Size, EveryFault, testing::ValuesIn(size_faults()), name_of_fault);

// Without faults every verb succeeds: otherwise the matrix proves nothing.
TEST(EveryVerb, SucceedsWhereNothingIsStruck) {
    for (const Verb& verb : verbs()) {
        for (const bool given_token : {true, false}) {
            Service service({}, {});
            Judged run = run_binary(verb, service.environment(given_token), {});
            run.what = verb.name;
            run.posts = service.posts();
            judge(run, verb.changes ? 1 : 0);
        }
    }
}

// A TLS server that stops or sends garbage before the request can be sent, or just after it.
TEST(EveryVerb, MeetsTlsStalls) {
    struct Case {
        std::string name;
        test::RawServer::Script script;
        int create;
        int read;
        bool stalls;
    };
    const test::Certificate certificate({}, &test::test_root());
    const test::ServerTls tls(certificate);
    const test::TemporaryFile roots(test::test_root().pem());
    const std::vector<Case> cases{
        {"no answer", [](RawConnection& connection) { connection.stall(); }, 9, 9, true},
        {"half a record",
         [](RawConnection& connection) {
             connection.send(std::string("\x16\x03\x03\x40\x00\x02", 6));
             connection.stall();
         },
         9, 9, true},
        {"no TLS",
         [](RawConnection& connection) { connection.send("HTTP/1.1 201 Created\r\n\r\n"); }, 14, 14,
         false},
        {"closed in the handshake", [](RawConnection& connection) { connection.read_request(); }, 9,
         9, true},
        {"no answer after the handshake",
         [&tls](RawConnection& connection) {
             if (connection.start_tls(tls)) {
                 connection.stall();
             }
         },
         10, 9, true},
        {"dropped after the handshake",
         [&tls](RawConnection& connection) {
             if (connection.start_tls(tls)) {
                 connection.read_request();
                 connection.drop();
             }
         },
         10, 9, false},
    };
    const auto run_case = [&roots](const Verb& verb, const Case& one) {
        test::RawServer server(one.script);
        Service service({}, {});
        Judged run =
            run_binary(verb, service.environment(true),
                       {"--platform-url", "https://127.0.0.1:" + std::to_string(server.port()),
                        "--ca-file", roots.path(), "--timeout", one.stalls ? "2" : "60"});
        run.what = verb.name + ": " + one.name;
        run.expected = changes(verb.calls.front()) ? one.create : one.read;
        run.posts = server.requests();
        return run;
    };
    for (const Verb& verb : verbs()) {
        std::vector<std::future<Judged>> runs;
        runs.reserve(cases.size());
        for (const Case& one : cases) {
            runs.push_back(
                std::async(std::launch::async, run_case, std::cref(verb), std::cref(one)));
        }
        for (auto& run : runs) {
            // A dataflow create makes its first four reads side by side.
            const int reads = verb.name.starts_with("dataflow create") ? 4 * 4 : 4;
            judge(run.get(), changes(verb.calls.front()) ? 1 : reads);
        }
    }
}

}  // namespace
}  // namespace bqconn::reliability
