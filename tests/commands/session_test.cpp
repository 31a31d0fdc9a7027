// The options of the transport that a verb uses, and jobs in parallel.
#include "commands/session.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bqconn/http/curl_transport.hpp"
#include "support/http_call.hpp"
#include "support/one_run.hpp"
#include "support/raw_server.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::commands {
namespace {

using tests::OneRun;

http::TransportOptions options_of(const tests::TempFolder& folder, const std::string& profile,
                                  const config::Environment& more = {}) {
    OneRun run({"list"});
    run.set_everything();
    run.set("XDG_CONFIG_HOME", folder.path().c_str());
    for (const auto& [name, value] : more) {
        run.environment.insert_or_assign(name, value);
    }
    std::filesystem::create_directories(folder.path("bqconn"));
    folder.write("bqconn/default.env", profile);
    run.transport.answer(200, R"({"items":[]})");
    EXPECT_EQ(run(), 0) << run.err.str();
    return run.options;
}

TEST(TransportOfAVerb, NamesAProfileOfAnEmulator) {
    const tests::TempFolder folder;
    const std::string hint =
        options_of(folder, "BQCONN_PROJECT=p-12345\nBQCONN_PLATFORM_URL=http://127.0.0.1:1\n")
            .loopback_hint;
    EXPECT_NE(hint.find(folder.path("bqconn/default.env") + ":2: BQCONN_PLATFORM_URL"),
              std::string::npos)
        << hint;
    EXPECT_NE(hint.find("bqconn-emulator exec"), std::string::npos) << hint;
    for (const std::string profile : {"", "BQCONN_PLATFORM_URL=https://platform.example\n"}) {
        EXPECT_EQ(options_of(folder, profile).loopback_hint, "") << profile;
    }
    EXPECT_EQ(options_of(folder, "BQCONN_IMS_URL=http://127.0.0.1:1\n",
                         {{"BQCONN_IMS_URL", Secret("http://127.0.0.1:2")}})
                  .loopback_hint,
              "")
        << "in the emulator's shell";
}

TEST(TransportOfAVerb, UsesTheFolderOfRootsUnlessAFileIsNamedForBqconn) {
    const tests::TempFolder folder;
    const Secret roots("/roots");
    const config::Environment environment{{"SSL_CERT_DIR", roots}};
    EXPECT_EQ(options_of(folder, "", environment).ca_folder, "/roots");
    config::Environment with_file = environment;
    with_file.emplace("SSL_CERT_FILE", Secret("/file"));
    EXPECT_EQ(options_of(folder, "", with_file).ca_folder, "/roots");
    EXPECT_EQ(options_of(folder, "", with_file).ca_file, "/file");
    config::Environment ours = environment;
    ours.emplace("BQCONN_CA_FILE", Secret("/file"));
    EXPECT_EQ(options_of(folder, "", ours).ca_folder, "");
    EXPECT_EQ(options_of(folder, "BQCONN_CA_FILE=/file\n", environment).ca_folder, "");
}

// A session with libcurl, for a platform and an identity service of the test.
class Jobs : public testing::Test {
  protected:
    using Run = std::function<bool(flow::FlowService&)>;

    static Job job(Run run, std::vector<std::size_t> after = {}) {
        return {"dev", std::move(after), std::move(run)};
    }

    Session& session() {
        if (!session_) {
            session_ = std::make_unique<Session>(context_, settings_, access_);
        }
        return *session_;
    }

    void note_thread() {
        const std::lock_guard lock(mutex_);
        threads_.insert(std::this_thread::get_id());
    }

    // Notes that a point was reached, and waits until that was noted so many times in all.
    bool meet(std::size_t number) {
        {
            const std::lock_guard lock(mutex_);
            ++met_;
            changed_.notify_all();
        }
        return wait_until_met(number);
    }
    bool wait_until_met(std::size_t number) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return met_ >= number; });
    }

    connection::Access access_{.platform_url = "http://127.0.0.1:1",
                               .access_token = Secret("made-up-access-token"),
                               .fetching = {},
                               .api_key = "made-up-key",
                               .org_id = "0123ABCD@AdobeOrg",
                               .sandbox_name = ""};
    std::istringstream in_;
    std::ostringstream out_;
    std::ostringstream err_;
    output::Console console_{{in_, out_, err_}};
    config::Environment environment_;
    config::Settings settings_;
    std::atomic<int> transports_ = 0;
    http::TransportFactory make_transport_ = [this](const http::TransportOptions&) {
        ++transports_;
        return std::make_unique<http::CurlTransport>(test::patient());
    };
    Clock clock_ = real_clock(-1);
    Context context_{.environment = environment_,
                     .console = console_,
                     .make_transport = make_transport_,
                     .clock = clock_,
                     .connects_ahead = true};
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::size_t met_ = 0;
    std::set<std::thread::id> threads_;

  private:
    std::unique_ptr<Session> session_;
};

TEST_F(Jobs, StartAfterThoseThatTheyDependOn) {
    constexpr std::size_t number = 200;
    std::vector<std::atomic<bool>> ended(number);
    std::vector<Job> jobs;
    for (std::size_t i = 0; i < number; ++i) {
        std::vector<std::size_t> after;
        if (i % 3 != 0) {
            after = {i / 2, i - 1};
        }
        jobs.push_back(job(
            [&ended, i, after](flow::FlowService&) {
                for (const std::size_t other : after) {
                    EXPECT_TRUE(ended[other]) << i << " started before the end of " << other;
                }
                EXPECT_FALSE(ended[i].exchange(true)) << "ran twice";
                return true;
            },
            after));
    }
    session().run_jobs(jobs, 8);
    for (std::size_t i = 0; i < number; ++i) {
        EXPECT_TRUE(ended[i]) << i;
    }
    jobs.front().after = {0};
    EXPECT_THROW(session().run_jobs(jobs, 8), std::logic_error);
    session().run_jobs({}, 8);
}

TEST_F(Jobs, OneAtATimeStartInTheirOrder) {
    std::vector<std::size_t> started;
    std::vector<Job> jobs;
    for (const auto& after : std::vector<std::vector<std::size_t>>{{}, {}, {0}, {}, {1, 2}}) {
        jobs.push_back(job(
            [&, i = jobs.size()](flow::FlowService&) {
                note_thread();
                started.push_back(i);
                return true;
            },
            after));
    }
    session().run_jobs(jobs, 1);
    EXPECT_EQ(started, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    context_.connects_ahead = false;
    Session(context_, settings_, access_).run_jobs(jobs, 8);
    EXPECT_EQ(started, (std::vector<std::size_t>{0, 1, 2, 3, 4, 0, 1, 2, 3, 4}));
    EXPECT_EQ(threads_, std::set{std::this_thread::get_id()});
    EXPECT_EQ(transports_, 2) << "one for each session";
}

TEST_F(Jobs, RunSideBySideOnNoMoreThreadsThanJobs) {
    const std::vector<Job> jobs(3, job([this](flow::FlowService&) {
                                    note_thread();
                                    EXPECT_TRUE(meet(3));
                                    return true;
                                }));
    session().run_jobs(jobs, 32);
    EXPECT_EQ(threads_.size(), 3U);
    EXPECT_TRUE(threads_.contains(std::this_thread::get_id()));
    EXPECT_EQ(transports_, 3);
    met_ = 0;
    session().run_jobs(jobs, 32);
    EXPECT_EQ(transports_, 3) << "they are kept";
}

TEST_F(Jobs, ATransportIsMadeWhenItIsNeeded) {
    Session& unused = session();
    EXPECT_EQ(transports_, 1);
    // Of three threads, only the one that gets the job needs a transport.
    unused.run_jobs({job([](flow::FlowService&) { return false; }),
                     job([](flow::FlowService&) { return true; }, {0}),
                     job([](flow::FlowService&) { return true; }, {0})},
                    3);
    EXPECT_LE(transports_, 2);
}

TEST_F(Jobs, NoneStartsAfterAStop) {
    std::vector<int> ran;
    std::vector<Job> jobs;
    jobs.reserve(4);
    for (int i = 0; i < 4; ++i) {
        jobs.push_back(job([&ran, i](flow::FlowService&) {
            ran.push_back(i);
            return i != 1;
        }));
    }
    session().run_jobs(jobs, 1);
    EXPECT_EQ(ran, (std::vector{0, 1}));
}

TEST_F(Jobs, ThoseThatRunFinishAndTheFirstExceptionIsThrown) {
    std::atomic<bool> third = false;
    const auto failing = [this](const char* words) {
        return [this, words](flow::FlowService&) -> bool {
            EXPECT_TRUE(meet(2));
            throw std::runtime_error(words);
        };
    };
    const std::vector<Job> jobs{job(failing("first")), job(failing("second")),
                                job(
                                    [&third](flow::FlowService&) {
                                        third = true;
                                        return true;
                                    },
                                    {0, 1})};
    try {
        session().run_jobs(jobs, 4);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "first");
    }
    EXPECT_EQ(met_, 2U);
    EXPECT_FALSE(third);
}

#ifdef __GLIBC__
TEST_F(Jobs, RunOnThisThreadIfThereCanBeNoOther) {
    pthread_attr_t usual;
    ASSERT_EQ(pthread_getattr_default_np(&usual), 0);
    pthread_attr_t impossible;
    ASSERT_EQ(pthread_attr_init(&impossible), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&impossible, std::size_t{1} << 60), 0);
    ASSERT_EQ(pthread_setattr_default_np(&impossible), 0);
    int ran = 0;
    const std::vector<Job> jobs(3, job([&](flow::FlowService&) {
                                    note_thread();
                                    ++ran;
                                    return true;
                                }));
    EXPECT_NO_THROW(session().run_jobs(jobs, 3));
    EXPECT_EQ(pthread_setattr_default_np(&usual), 0);
    pthread_attr_destroy(&impossible);
    pthread_attr_destroy(&usual);
    EXPECT_EQ(ran, 3);
    EXPECT_EQ(threads_, std::set{std::this_thread::get_id()});
}
#endif

// Adobe's two services, on one host or on two. The platform refuses the first token.
class JobsWithCalls : public Jobs, public testing::WithParamInterface<bool> {
  protected:
    void serve(test::RawConnection& connection) {
        for (;;) {
            const std::string request = connection.read_request();
            if (request.empty()) {
                return;
            }
            if (request.starts_with("POST /ims/token")) {
                connection.send(test::answer("200 OK", R"({"access_token":"made-up-)" +
                                                           std::to_string(++tokens_) +
                                                           R"(","expires_in":86399})"));
            } else if (request.find("Bearer made-up-1\r\n") != std::string::npos) {
                connection.send(test::answer("401 Unauthorized", "{}"));
            } else {
                const std::lock_guard lock(mutex_);
                const auto at = request.find("x-sandbox-name: ") + 16;
                sandboxes_.insert(request.substr(at, request.find('\r', at) - at));
                connection.send(test::answer("200 OK", "{}"));
            }
        }
    }

    std::atomic<int> tokens_ = 0;
    std::multiset<std::string> sandboxes_;
    test::RawServer platform_{[this](test::RawConnection& connection) { serve(connection); }};
    test::RawServer identity_{[this](test::RawConnection& connection) { serve(connection); }};
};

TEST_P(JobsWithCalls, ShareOneTokenInTheSandboxOfEach) {
    access_.access_token.reset();
    access_.platform_url = platform_.url("");
    access_.fetching =
        connection::ClientCredentials{.ims_url = (GetParam() ? platform_ : identity_).url(""),
                                      .api_secret = Secret("made-up secret"),
                                      .scopes = "openid"};
    std::vector<Job> jobs;
    jobs.reserve(40);
    for (int i = 0; i < 40; ++i) {
        jobs.push_back({i % 4 == 0 ? "prod" : "dev", {}, [](flow::FlowService& service) {
                            EXPECT_EQ(service.send({.path = "/connections"}).status, 200);
                            return true;
                        }});
    }
    session().run_jobs(jobs, 8);
    EXPECT_EQ(tokens_, 2) << "the first, and one instead of it";
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(sandboxes_.count("prod"), 10U);
    EXPECT_EQ(sandboxes_.count("dev"), 30U);
}

INSTANTIATE_TEST_SUITE_P(OneHostOrTwo, JobsWithCalls, testing::Bool());

TEST_F(Jobs, ShareOnePace) {
    std::atomic<int> calls = 0;
    const test::RawServer platform([&calls](test::RawConnection& connection) {
        while (!connection.read_request().empty()) {
            connection.send(++calls == 1
                                ? test::answer("429 Too Many Requests", "{}", "Retry-After: 9\r\n")
                                : test::answer("200 OK", "{}"));
        }
    });
    access_.platform_url = platform.url("");
    std::chrono::milliseconds passed{0};
    clock_.now = [&] {
        const std::lock_guard lock(mutex_);
        return std::chrono::steady_clock::time_point() + passed;
    };
    // No time passes until both threads pause.
    clock_.pause = [&](std::chrono::milliseconds pause) {
        note_thread();
        EXPECT_TRUE(meet(2));
        const std::lock_guard lock(mutex_);
        passed += pause;
        return true;
    };
    const auto call = [](flow::FlowService& service) {
        EXPECT_EQ(service.send({.path = "/connections"}).status, 200);
        return true;
    };
    session().run_jobs({job(call), job([&](flow::FlowService& service) {
                            EXPECT_TRUE(wait_until_met(1)) << "the other one pauses";
                            return call(service);
                        })},
                       2);
    EXPECT_EQ(threads_.size(), 2U);
    EXPECT_EQ(calls, 3);
    EXPECT_NE(err_.str().find("HTTP 429 (too many requests), retrying in 9.0 s"),
              std::string::npos);
}

}  // namespace
}  // namespace bqconn::commands
