// Every fault of a create, with a list that shows the truth: "recovered" exactly if the connection
// was created, "unknown" if not, and never a second POST.
#include <gtest/gtest.h>

#include <future>

#include "bqconn/http/curl_transport.hpp"
#include "bqconn/json/parse.hpp"
#include "reliability/faults.hpp"
#include "reliability/in_process.hpp"
#include "reliability/judged.hpp"
#include "reliability/truthful_service.hpp"

namespace bqconn::reliability {
namespace {

constexpr int unknown = 10;
constexpr int looks = 3;  // after a lost answer

const Verb& plain() {
    static const Verb verb{"create", {"create", "--name", "Warehouse"}, {Endpoint::create}, true};
    return verb;
}

const Verb& reuse() {
    static const Verb verb{"create --if-exists reuse",
                           {"create", "--name", "Warehouse", "--if-exists", "reuse"},
                           {Endpoint::list, Endpoint::create},
                           true};
    return verb;
}

// The truth as the service knows it, as the exit code that the run must have.
int expected_of(const Fault& fault, bool applied) {
    return fault.exit_code.create == unknown && applied ? 0 : fault.exit_code.create;
}

// A service that read nothing, or says so, has created nothing; one that answers well has.
bool can_be(const Fault& fault, bool applied) {
    return applied ? !fault.unread && (fault.exit_code.create == 0 || fault.exit_code.create == 10)
                   : fault.exit_code.create != 0;
}

std::string outcome_in(const std::string& out) {
    return out.empty() ? "" : json::string_at(json::parse(out), "outcome");
}

void judge_recovery(const Judged& run, const Fault& fault, bool applied, int lists, bool looked) {
    judge(run, fault.most_posts);
    SCOPED_TRACE(run.what + "\nstdout: " + run.out + "\nstderr: " + run.err);
    EXPECT_GE(run.posts, run.expected == 9 ? 0 : 1);
    const int before = looked ? 1 : 0;
    if (fault.exit_code.create != unknown || run.expected == 9) {
        EXPECT_EQ(outcome_in(run.out), run.expected == 0 ? "created" : "");
        EXPECT_EQ(lists, before) << "no search if the outcome is known";
        return;
    }
    EXPECT_EQ(outcome_in(run.out), applied ? "recovered" : "");
    EXPECT_EQ(lists, before + (applied ? 1 : looks));
    EXPECT_EQ(run.out.find(created_id) != std::string::npos, applied);
}

std::string name_of(const Fault& fault, bool applied) {
    return fault.name + (applied ? ", applied" : ", not applied");
}

// On a busy machine the time may run out before the request is sent.
int allowed(int expected, const Fault& fault, int posts) {
    return fault.stalls && posts == 0 ? 9 : expected;
}

class EveryRecovery : public testing::TestWithParam<Fault> {};

TEST_P(EveryRecovery, IsTrue) {
    const Fault& fault = GetParam();
    for (const bool applied : {true, false}) {
        for (const Verb* const verb : {&plain(), &reuse()}) {
            for (const bool given_token : {true, false}) {
                if (!can_be(fault, applied)) {
                    continue;
                }
                const bool looked = verb == &reuse();
                TruthfulService service(fault, applied, !looked);
                std::vector<std::string> arguments = verb->arguments;
                arguments.insert(arguments.end(),
                                 {"-o", "json", "--timeout", fault.stalls ? "1" : "60"});
                const InProcess finished = run_in_process(
                    arguments, service.environment(given_token),
                    [](auto options) { return std::make_unique<http::CurlTransport>(options); });
                Judged run;
                run.what = verb->name + ", " + name_of(fault, applied);
                run.expected = allowed(expected_of(fault, applied), fault, service.posts());
                run.status = finished.status;
                run.out = finished.out;
                run.err = finished.err;
                run.posts = service.posts();
                judge_recovery(run, fault, applied, service.lists(), looked);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Connection, EveryRecovery, testing::ValuesIn(connection_faults()),
                         name_of_fault);
INSTANTIATE_TEST_SUITE_P(Status, EveryRecovery, testing::ValuesIn(status_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Body, EveryRecovery, testing::ValuesIn(body_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Length, EveryRecovery, testing::ValuesIn(length_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Size, EveryRecovery, testing::ValuesIn(size_faults()), name_of_fault);

// The pauses are real here: a few faults are enough.
TEST(Recovery, OfTheRealProgram) {
    struct Row {
        Fault fault;
        bool applied;
        Judged run;
        int lists;
    };
    std::vector<std::future<Row>> rows;
    for (const auto& faults : {connection_faults(), status_faults(), body_faults()}) {
        for (const Fault& fault : faults) {
            if (fault.name != "AppliedThenDropped" && fault.name != "ClosedAfterTheRequest" &&
                fault.name != "AppliedThen503" && fault.name != "HtmlForJson") {
                continue;
            }
            for (const bool applied : {true, false}) {
                rows.push_back(std::async(std::launch::async, [fault, applied] {
                    TruthfulService service(fault, applied, true);
                    Judged run = run_binary(plain(), service.environment(false), {});
                    run.what = name_of(fault, applied);
                    run.expected = expected_of(fault, applied);
                    run.posts = service.posts();
                    return Row{fault, applied, run, service.lists()};
                }));
            }
        }
    }
    ASSERT_EQ(rows.size(), 8U);
    for (auto& future : rows) {
        const Row row = future.get();
        judge_recovery(row.run, row.fault, row.applied, row.lists, false);
    }
}

}  // namespace
}  // namespace bqconn::reliability
