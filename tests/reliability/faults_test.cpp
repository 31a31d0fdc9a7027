// Every fault of a service, met by every verb of the real program at every call that it makes: a
// documented exit code, no second POST, no success that was none, an end, and no secret.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <future>
#include <iostream>
#include <mutex>
#include <ostream>

#include "emulator/program.hpp"
#include "reliability/scene.hpp"
#include "support/certificates.hpp"
#include "support/server_tls.hpp"
#include "support/temporary_file.hpp"

namespace bqconn::reliability {
namespace {

using test::RawConnection;

constexpr int hang = 124;  // of timeout(1)

// The exit codes that a fault of a call has.
struct Expected {
    int create;
    int list;
    int token;
};

struct Fault {
    std::string name;
    Strike strike;
    Expected exit_code;
    bool unread = false;  // strikes before the request is read
    bool stalls = false;  // ends by --timeout only
    int most_posts = 1;
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

// Reads are 9 or 12 whether or not the request had left: nothing was to be changed by it.
constexpr Expected fine{0, 0, 0};
constexpr Expected broken{10, 9, 9};
constexpr Expected malformed{10, 9, 9};
constexpr Expected untrusted{10, 12, 12};
constexpr Expected server_error{10, 8, 8};

Strike send(const std::string& bytes) {
    return [bytes](RawConnection& connection, const Good&, const std::string&) {
        connection.send(bytes);
    };
}

// The status line given, then the good body with its true length.
Strike status_line(const std::string& line) {
    return [line](RawConnection& connection, const Good& good, const std::string&) {
        connection.send(line + "\r\nContent-Length: " + std::to_string(good.body.size()) +
                        "\r\n\r\n" + good.body);
    };
}

// The good status, and a body of another kind.
Strike instead(const std::string& body, const std::string& headers = "") {
    return [body, headers](RawConnection& connection, const Good& good, const std::string&) {
        connection.send(test::answer(good.status, body, headers));
    };
}

// The good status, these headers, the good body.
Strike headers(const std::string& lines) {
    return [lines](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\n" + lines + "\r\n" + good.body);
    };
}

Strike chunked(const std::string& before, const std::string& after) {
    return [=](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\nTransfer-Encoding: chunked\r\n\r\n" +
                        before + good.body + after);
    };
}

Strike endless(const std::string& start, const std::string& block) {
    return [=](RawConnection& connection, const Good& good, const std::string&) {
        connection.send("HTTP/1.1 " + good.status + "\r\n" + start);
        while (connection.send(block)) {
        }
    };
}

const std::string error_document =
    R"({"type":"https://ns.adobe.com/aep/errors/FLOW-1102-500","title":"Internal Error","status":500})";

std::vector<Fault> connection_faults() {
    const auto close = [](RawConnection&, const Good&, const std::string&) {};
    const auto reset = [](RawConnection& connection, const Good&, const std::string&) {
        connection.reset();
    };
    const auto stall = [](RawConnection& connection, const Good&, const std::string&) {
        connection.stall();
    };
    return {
        {"ClosedBeforeTheRequestIsRead", close, broken, true},
        {"ResetBeforeTheRequestIsRead", reset, broken, true},
        {"NothingReadAndNothingSent", stall, broken, true, true},
        {"ClosedAfterTheRequest", close, broken},
        {"ResetAfterTheRequest", reset, broken},
        {"NothingSent", stall, broken, false, true},
        {"AppliedThenDropped",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status + "\r\n");
             connection.reset();
         },
         broken},
        {"ResetWithinTheBody",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status +
                             "\r\nContent-Length: " + std::to_string(good.body.size()) +
                             "\r\n\r\n" + good.body.substr(0, good.body.size() - 1));
             connection.reset();
         },
         broken},
        {"StallsWithinTheHead",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status + "\r\nContent-Le");
             connection.stall();
         },
         broken, false, true},
        {"StallsWithinTheBody",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send("HTTP/1.1 " + good.status +
                             "\r\nContent-Length: " + std::to_string(good.body.size()) +
                             "\r\n\r\n" + good.body.substr(0, good.body.size() - 1));
             connection.stall();
         },
         broken, false, true},
        {"Dripped",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.drip(test::answer(good.status, good.body, "Connection: close\r\n"));
         },
         fine},
    };
}

std::vector<Fault> status_faults() {
    std::vector<Fault> faults;
    const std::vector<std::pair<std::string, std::string>> nonsense{
        {"LetterForDigit", "HTTP/1.1 2O1 Created"},
        {"FourDigits", "HTTP/1.1 2010 Created"},
        {"TwoDigits", "HTTP/1.1 20"},
        {"Zero", "HTTP/1.1 000 Zero"},
        {"Six", "HTTP/1.1 600 High"},
        {"None", "HTTP/1.1"},
        {"OtherProtocol", "RTSP/1.0 201 Created"},
        {"Version9", "HTTP/9.9 201 Created"},
        {"Switching", "HTTP/1.1 101 Switching Protocols"},
        {"Smtp", "220 mail.example ESMTP"},
    };
    faults.reserve(64);
    for (const auto& [name, line] : nonsense) {
        faults.push_back({"Status" + name, status_line(line), malformed});
    }
    for (const int status : {202, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304}) {
        faults.push_back({"Status" + std::to_string(status),
                          send("HTTP/1.1 " + std::to_string(status) +
                               " Other\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n"),
                          untrusted});
    }
    for (const int status : {307, 308}) {
        faults.push_back({"Status" + std::to_string(status),
                          status_line("HTTP/1.1 " + std::to_string(status) +
                                      " Elsewhere\r\nLocation: "
                                      "http://127.0.0.1:1/"),
                          {12, 12, 12}});
    }
    for (const int status : {500, 501, 502, 503, 504, 505, 520, 599}) {
        faults.push_back({"AppliedThen" + std::to_string(status),
                          send(test::answer(std::to_string(status) + " Error", error_document)),
                          server_error});
    }
    const std::vector<std::pair<int, Expected>> refusals{
        {400, {5, 5, 4}}, {401, {4, 4, 4}}, {403, {4, 4, 4}},  {404, {6, 6, 6}},
        {405, {5, 5, 4}}, {407, {4, 4, 4}}, {408, {10, 8, 8}}, {409, {7, 7, 7}},
        {410, {6, 6, 6}}, {412, {7, 7, 7}}, {413, {5, 5, 4}},  {422, {5, 5, 4}}};
    for (const auto& [status, exit_code] : refusals) {
        // A refused token that was fetched is fetched again, and the call made once more.
        faults.push_back({"Status" + std::to_string(status),
                          send(test::answer(std::to_string(status) + " Refused", "{}")), exit_code,
                          false, false, status == 401 ? 2 : 1});
    }
    faults.push_back({"Status429",
                      send(test::answer("429 Too Many Requests", "{}", "Retry-After: 0\r\n")),
                      {8, 8, 8},
                      false,
                      false,
                      4});
    return faults;
}

std::vector<Fault> body_faults() {
    return {
        {"HtmlForJson",
         instead("<html><title>Welcome</title></html>", "Content-Type: text/html\r\n"), untrusted},
        {"ErrorDocumentForSuccess", instead(error_document), untrusted},
        {"Empty", instead(""), untrusted},
        {"EmptyObject", instead("{}"), untrusted},
        {"EmptyArray", instead("[]"), untrusted},
        {"Null", instead("null"), untrusted},
        {"WrongTypes", instead(R"({"id":1,"etag":{},"items":{},"access_token":[]})"), untrusted},
        {"WrongTypesOfItems", instead(R"({"id":null,"items":[1,null,"x"],"access_token":7})"),
         untrusted},
        {"IdThatIsAPath",
         instead(R"({"id":"../../x","etag":"\"e\"","items":[{"id":"../../x","etag":"e"}],)"
                 R"("access_token":"two\r\nlines"})"),
         untrusted},
        {"TrailingBytes",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer(good.status, good.body + "x"));
         },
         untrusted},
        {"TrailingNul",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer(good.status, good.body + std::string(1, '\0')));
         },
         untrusted},
        {"Deep", instead(std::string(100'000, '[')), untrusted},
        {"DeepAndClosed", instead(std::string(100'000, '[') + std::string(100'000, ']')),
         untrusted},
        {"InvalidUtf8", instead("{\"id\":\"\xff\",\"items\":\"\xff\",\"access_token\":\"\xff\"}"),
         untrusted},
        {"Gzip", instead("\x1f\x8b\x08 not looked into", "Content-Encoding: gzip\r\n"), untrusted},
        {"EchoOfTheRequest",
         [](RawConnection& connection, const Good&, const std::string& request) {
             std::string words;
             for (const char c : request) {
                 words += c == '"' || c == '\\' ? std::string{'\\', c}
                          : c == '\r'           ? std::string()
                          : c == '\n'           ? std::string("\\n")
                                                : std::string(1, c);
             }
             connection.send(test::answer("400 Bad Request", R"({"errorMessage":")" + words +
                                                                 R"(","error":"e",)"
                                                                 R"("error_description":")" +
                                                                 words + "\"}"));
         },
         {5, 5, 4}},
    };
}

std::vector<Fault> length_faults() {
    return {
        {"LengthTooLong", headers("Content-Length: 9999\r\n"), broken},
        {"LengthTooShort", headers("Content-Length: 5\r\n"), untrusted},
        {"LengthNegative", headers("Content-Length: -5\r\n"), malformed},
        {"LengthNoNumber", headers("Content-Length: many\r\n"), malformed},
        {"LengthOverflows", headers("Content-Length: 99999999999999999999\r\n"), broken},
        {"LengthsThatDiffer", headers("Content-Length: 5\r\nContent-Length: 9999\r\n"), broken},
        {"LengthsThatDifferTheOtherWay", headers("Content-Length: 9999\r\nContent-Length: 5\r\n"),
         broken},
        {"LengthMissing", headers(""), fine},
        {"ChunkNoNumber", chunked("zz\r\n", "\r\n0\r\n\r\n"), malformed},
        {"ChunkOverflows", chunked("ffffffffffffffffff\r\n", ""), malformed},
        {"ChunkNegative", chunked("-2\r\n", "\r\n0\r\n\r\n"), malformed},
        {"ChunkTooShort", chunked("2\r\n", "\r\n0\r\n\r\n"), malformed},
        {"ChunkCut", chunked("fff\r\n", ""), broken},
        {"ChunkWithoutEnd",
         [](RawConnection& connection, const Good& good, const std::string&) {
             std::array<char, 16> size{};
             std::snprintf(size.data(), size.size(), "%zx", good.body.size());
             connection.send("HTTP/1.1 " + good.status + "\r\nTransfer-Encoding: chunked\r\n\r\n" +
                             size.data() + "\r\n" + good.body + "\r\n");
         },
         broken},
        {"HeaderWithoutColon", headers("rubbish\r\n"), malformed},
        {"HeaderWithNul", headers(std::string("X: a\0b\r\n", 8)), malformed},
    };
}

std::vector<Fault> size_faults() {
    const std::string block(64 * 1024, 'x');
    return {
        {"EndlessBody", endless("\r\n", block), malformed},
        {"EndlessBodyWithLength", endless("Content-Length: 9000000000\r\n\r\n", block), malformed},
        {"EndlessChunks",
         endless("Transfer-Encoding: chunked\r\n\r\n", "10000\r\n" + block + "\r\n"), malformed},
        {"EndlessHeaders", endless("", "X-Header: y\r\n"), malformed},
        {"EndlessHeaderLine", endless("X-Header: ", block), malformed},
        {"EndlessInterimAnswers",
         [](RawConnection& connection, const Good&, const std::string&) {
             while (connection.send("HTTP/1.1 100 Continue\r\n\r\n")) {
             }
         },
         malformed},
        {"InterimAnswerAlone", send("HTTP/1.1 100 Continue\r\n\r\n"), broken},
        {"ManyInterimAnswers",
         [](RawConnection& connection, const Good& good, const std::string&) {
             for (int i = 0; i < 50; ++i) {
                 connection.send(
                     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                     "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
             }
             connection.send(test::answer(good.status, good.body, "Connection: close\r\n"));
         },
         fine},
        {"SecondAnswerBehindTheFirst",
         [](RawConnection& connection, const Good& good, const std::string&) {
             connection.send(test::answer("500 Error", error_document) +
                             test::answer(good.status, good.body));
         },
         server_error},
    };
}

struct Judged {
    std::string what;  // "create, fetched token, call 1 struck"
    int expected = 0;
    int status = 0;
    std::string out;
    std::string err;
    int posts = 0;
};

// The figures of docs/reliability.md, of all runs of this process.
struct Figures {
    std::mutex mutex;
    int runs = 0;
    int wrong_exit_codes = 0;
    int duplicates = 0;
    int false_successes = 0;
    int hangs = 0;
    int leaks = 0;

    ~Figures() {
        std::cout << "figures: runs " << runs << ", exit codes other than documented "
                  << wrong_exit_codes << ", duplicates " << duplicates << ", false successes "
                  << false_successes << ", hangs " << hangs << ", secrets shown " << leaks
                  << std::endl;
    }
};

Figures& figures() {
    static Figures all;
    return all;
}

void judge(const Judged& run, int most_posts) {
    const std::string secret = secret_in(run.out + run.err);
    Figures& all = figures();
    const std::lock_guard lock(all.mutex);
    ++all.runs;
    all.wrong_exit_codes += run.status != run.expected ? 1 : 0;
    all.duplicates += run.posts > most_posts ? 1 : 0;
    all.false_successes += run.status == 0 && run.expected != 0 ? 1 : 0;
    all.hangs += run.status == hang ? 1 : 0;
    all.leaks += secret.empty() ? 0 : 1;
    SCOPED_TRACE(run.what + "\nstdout: " + run.out + "\nstderr: " + run.err);
    EXPECT_EQ(run.status, run.expected);
    EXPECT_LE(run.posts, most_posts);
    EXPECT_EQ(secret, "");
    EXPECT_EQ(run.out.empty(), run.status != 0);
}

Judged run_binary(const Verb& verb, Service& service, bool given_token,
                  const std::vector<std::string>& more, std::vector<std::string> variables = {}) {
    // The guard is generous: it only ends what would not end by itself.
    std::vector<std::string> command{"timeout", "-k", "5", "120", BQCONN_BINARY};
    command.insert(command.end(), verb.arguments.begin(), verb.arguments.end());
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.end(), {"-o", "json", "-v"});
    auto environment = service.environment(given_token);
    environment.insert(environment.end(), variables.begin(), variables.end());
    const auto finished = emulator::run_program(command, environment);
    Judged run;
    run.status = finished.status;
    run.out = finished.out;
    run.err = finished.err;
    run.posts = service.posts();
    return run;
}

Judged run_struck(const Verb& verb, const Fault& fault, bool given_token,
                  const Service::Plan& plan) {
    Service service(plan, fault.strike);
    // The time matters only where nothing else ends the call.
    Judged run = run_binary(verb, service, given_token, {"--timeout", fault.stalls ? "1" : "60"});
    run.what =
        verb.name + (given_token ? ", given token" : ", fetched token") +
        (plan.struck_token == 0 ? ", the token is struck"
                                : ", call " + std::to_string(plan.struck_call) + " is struck");
    run.expected = fault.exit_code.token;
    if (plan.struck_token != 0) {
        const Endpoint struck = verb.calls.at(static_cast<std::size_t>(plan.struck_call));
        run.expected = struck == Endpoint::create ? fault.exit_code.create : fault.exit_code.list;
    }
    return run;
}

class EveryFault : public testing::TestWithParam<Fault> {};

TEST_P(EveryFault, OfEveryCallOfEveryVerb) {
    const Fault& fault = GetParam();
    std::vector<std::future<Judged>> runs;
    for (const Verb& verb : verbs()) {
        for (const bool given_token : {true, false}) {
            for (std::size_t call = 0; call < verb.calls.size(); ++call) {
                runs.push_back(std::async(std::launch::async, run_struck, verb, fault, given_token,
                                          Service::Plan{static_cast<int>(call), -1, fault.unread}));
            }
        }
        runs.push_back(std::async(std::launch::async, run_struck, verb, fault, false,
                                  Service::Plan{-1, 0, fault.unread}));
    }
    for (auto& run : runs) {
        judge(run.get(), fault.most_posts);
    }
}

std::string name_of_fault(const testing::TestParamInfo<Fault>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Connection, EveryFault, testing::ValuesIn(connection_faults()),
                         name_of_fault);
INSTANTIATE_TEST_SUITE_P(Status, EveryFault, testing::ValuesIn(status_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Body, EveryFault, testing::ValuesIn(body_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Length, EveryFault, testing::ValuesIn(length_faults()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Size, EveryFault, testing::ValuesIn(size_faults()), name_of_fault);

// Without a fault every verb succeeds: the matrix proves nothing otherwise.
TEST(EveryVerb, SucceedsWhereNothingIsStruck) {
    for (const Verb& verb : verbs()) {
        for (const bool given_token : {true, false}) {
            Service service({}, {});
            Judged run = run_binary(verb, service, given_token, {});
            run.what = verb.name;
            judge(run, verb.creates ? 1 : 0);
        }
    }
}

// A TLS server that stops, or speaks rubbish, before the request can leave; or just behind it.
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
        {"nothing is answered", [](RawConnection& connection) { connection.stall(); }, 9, 9, true},
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
        {"no answer behind the handshake",
         [&tls](RawConnection& connection) {
             if (connection.start_tls(tls)) {
                 connection.stall();
             }
         },
         10, 9, true},
        {"dropped behind the handshake",
         [&tls](RawConnection& connection) {
             if (connection.start_tls(tls)) {
                 connection.read_request();
                 connection.drop();
             }
         },
         10, 9, false},
    };
    for (const Verb& verb : verbs()) {
        for (const Case& one : cases) {
            test::RawServer server(one.script);
            Service service({}, {});
            Judged run =
                run_binary(verb, service, true,
                           {"--platform-url", "https://127.0.0.1:" + std::to_string(server.port()),
                            "--ca-file", roots.path(), "--timeout", one.stalls ? "1" : "60"});
            run.what = verb.name + ": " + one.name;
            run.expected = verb.calls.front() == Endpoint::create ? one.create : one.read;
            run.posts = server.requests();
            judge(run, verb.calls.front() == Endpoint::create ? 1 : 4);
        }
    }
}

}  // namespace
}  // namespace bqconn::reliability
