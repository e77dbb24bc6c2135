package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A person at Debian's Chromium, headless: what they see, click and type; pictures go to target/screenshots. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Dimension DESK = new Dimension(1280, 900);
    private static final Dimension PHONE = new Dimension(500, 900);
    private static final List<String> RULES = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa");

    private final String server;
    private final Path pictures = Path.of(System.getProperty("firedrill.screenshots", "target/screenshots"));
    private final ChromeDriver chrome;

    Browser(String server) {
        this.server = server;
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900");
        options.setCapability("goog:loggingPrefs", Map.of("browser", "SEVERE"));
        chrome = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile()).build(), options);
    }

    static Browser withoutScripts(String server) {
        Browser browser = new Browser(server);
        browser.chrome.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        return browser;
    }

    Browser open(String path) {
        chrome.get(path.startsWith("http") ? path : server + path);
        return this;
    }

    Browser signIn(String name, String password) {
        chrome.manage().deleteAllCookies();
        open("/sign-in").type("#name", name).type("#password", password).click("main button.main");
        return sees(".me .who", name);
    }

    Browser type(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
        return this;
    }

    Browser typeEverywhere(String css, String text) {
        find(css);
        chrome.findElements(By.cssSelector(css)).forEach(field -> field.sendKeys(text));
        return this;
    }

    /** Live pages swap their parts: what was found may be gone when it is clicked, and is then found anew. */
    Browser click(String css) {
        waiting().until(driver -> {
            WebElement element = chrome.findElement(By.cssSelector(css));
            chrome.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
            element.click();
            return true;
        });
        return this;
    }

    Browser clickLink(String text) {
        waiting().until(driver -> {
            chrome.findElement(By.xpath("//main//*[self::a or self::button][normalize-space()='" + text + "']")).click();
            return true;
        });
        return this;
    }

    /** A link that holds that text, among others. */
    Browser clickText(String text) {
        waiting().until(driver -> {
            chrome.findElement(By.xpath("//main//a[contains(normalize-space(), '" + text + "')]")).click();
            return true;
        });
        return this;
    }

    /** The first of those that fit the selector that holds that text. */
    Browser clickShown(String css, String text) {
        waiting().withMessage(() -> css + " with '" + text + "':\n" + shown("body")).until(driver -> {
            chrome.findElements(By.cssSelector(css)).stream()
                    .filter(element -> element.getText().contains(text))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchElementException(text))
                    .click();
            return true;
        });
        return this;
    }

    Browser seesHidden(String css) {
        waiting().withMessage(css + " hidden").until(driver -> !chrome.findElement(By.cssSelector(css)).isDisplayed());
        return this;
    }

    /** Waits until something that fits the selector holds that text. */
    Browser sees(String css, String text) {
        waiting().withMessage(() -> css + " with '" + text + "' on " + chrome.getCurrentUrl() + ":\n" + shown("body")).until(driver ->
                chrome.findElements(By.cssSelector(css)).stream().anyMatch(element -> element.getText().contains(text)));
        return this;
    }

    Browser seesNo(String css) {
        assertThat(chrome.findElements(By.cssSelector(css))).as(css).isEmpty();
        return this;
    }

    String shown(String css) {
        return find(css).getText();
    }

    /** What a field holds. */
    String entered(String css) {
        return String.valueOf(find(css).getDomProperty("value"));
    }

    /** Also what no script may read. */
    String cookie(String name) {
        return waiting().until(driver -> chrome.manage().getCookieNamed(name)).getValue();
    }

    String address() {
        return chrome.getCurrentUrl();
    }

    private WebElement find(String css) {
        return waiting().until(driver -> chrome.findElement(By.cssSelector(css)));
    }

    private WebDriverWait waiting() {
        WebDriverWait wait = new WebDriverWait(chrome, PATIENCE, Duration.ofMillis(200));
        wait.ignoring(NoSuchElementException.class)
                .ignoring(StaleElementReferenceException.class)
                .ignoring(org.openqa.selenium.ElementNotInteractableException.class);
        return wait;
    }

    /** In light, dark and at phone width; no accessibility rule is broken in any, and nothing is wider than the screen. */
    Browser looked(String name) {
        look(name + "-light", "light", DESK);
        look(name + "-dark", "dark", DESK);
        look(name + "-phone", "light", PHONE);
        chrome.manage().window().setSize(DESK);
        return this;
    }

    @SuppressWarnings("deprecation") // axe's way to look at a page alone, in the window it is in
    private void look(String name, String scheme, Dimension size) {
        chrome.manage().window().setSize(size);
        chrome.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        picture(name);
        assertThat(chrome.executeScript("return document.documentElement.scrollWidth - window.innerWidth"))
                .as(name + " is as wide as the screen")
                .satisfies(over -> assertThat(((Number) over).intValue()).isLessThanOrEqualTo(0));
        // Without it axe opens a window of its own for each page, which a busy machine may not show it in time; we have no frames.
        List<Rule> broken = new AxeBuilder().setLegacyMode(true).withTags(RULES).analyze(chrome).getViolations();
        assertThat(broken.stream().map(rule -> rule.getId() + ": " + rule.getHelp() + " " + rule.getNodes().stream()
                                .map(node -> node.getHtml() + node.getAny().stream().map(check -> " " + check.getMessage()).toList())
                                .toList()))
                .as(name)
                .isEmpty();
    }

    void picture(String name) {
        try {
            Files.createDirectories(pictures);
            Files.write(pictures.resolve(name + ".png"), chrome.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the pages' own security policy refused, and scripts that broke. */
    List<String> complaints() {
        return chrome.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> message.contains("Content Security Policy") || message.contains("Uncaught"))
                .toList();
    }

    @Override
    public void close() {
        chrome.quit();
    }
}
